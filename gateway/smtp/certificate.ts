/** The certificate that STARTTLS shows: the operator's own, or one made at start. */
import { readFile } from "node:fs/promises";

export interface Certificate {
  cert: string;
  key: string;
}

export interface CertificateFiles {
  cert: string;
  key: string;
}

export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(files.cert, "utf8"), readFile(files.key, "utf8")]);
  return { cert, key };
}

/**
 * Senders encrypt to an MX without asking who signed its certificate (RFC 7435 §1, opportunistic security), so a
 * certificate that lives as long as the process is enough against listeners. P-256, because an RSA key takes 100 times
 * as long to make.
 */
export async function makeCertificate(hostname: string): Promise<Certificate> {
  // Imported here: it is a tenth of the start-up time, and not needed with a certificate of one's own.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: hostname }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + 5 * 365 * 24 * 3600 * 1000),
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: hostname }] }],
  });
  return { cert: made.cert, key: made.private };
}
