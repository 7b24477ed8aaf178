/** The certificates of the scripted peers, made anew for every run: nothing to renew, and no private key in the tree. */
import { generate } from "selfsigned";

export interface KeyAndCertificate {
  key: string;
  cert: string;
}

export interface PeerCertificates {
  /** The CA that the tests' runtime is told to trust, PEM. */
  ca: string;
  trusted: KeyAndCertificate;
  /** Signed by nobody but itself. */
  unknown_ca: KeyAndCertificate;
  /** Signed by the CA, for a name that nobody connects to. */
  other_name: KeyAndCertificate;
}

/** P-256 keys: three RSA keys would take longer than all the tests that use them. */
const KEY = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

export async function makeCertificates(): Promise<PeerCertificates> {
  const ca = await generate([{ name: "commonName", value: "Scripted peers' CA" }], {
    ...KEY,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const issuer = { key: ca.private, cert: ca.cert };
  const here = [
    { type: 2 as const, value: "localhost" },
    { type: 7 as const, ip: "127.0.0.1" },
  ];
  return {
    ca: ca.cert,
    trusted: await serverCertificate("localhost", here, issuer),
    unknown_ca: await serverCertificate("localhost", here),
    other_name: await serverCertificate("elsewhere.example", [{ type: 2, value: "elsewhere.example" }], issuer),
  };
}

type AlternativeName = { type: 2; value: string } | { type: 7; ip: string };

async function serverCertificate(
  name: string,
  altNames: AlternativeName[],
  issuer?: KeyAndCertificate,
): Promise<KeyAndCertificate> {
  const made = await generate([{ name: "commonName", value: name }], {
    ...KEY,
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
    ...(issuer === undefined ? {} : { ca: issuer }),
  });
  return { key: made.private, cert: made.cert };
}
