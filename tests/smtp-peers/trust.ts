/**
 * Makes the tests' runtime trust the scripted peers. Miniflare reads the file that NODE_EXTRA_CA_CERTS names once, when
 * its module is loaded, and has no other way to be told (its `outboundService` takes no network with TLS options any
 * more). So vitest.config.ts calls this before it loads the plugin; global-setup.ts takes the certificates up from the
 * same folder, in what may be another instance of this module.
 */
import { rmSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates, type PeerCertificates } from "./certificates.ts";

const FOLDER = "MAILMESH_SMTP_PEERS";

export async function trustScriptedPeers(): Promise<void> {
  // A second evaluation of the configuration (watch mode) finds the first one's work.
  if (process.env[FOLDER] !== undefined) return;
  const folder = await mkdtemp(join(tmpdir(), "mailmesh-smtp-peers-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const certificates = await makeCertificates();
  await writeFile(join(folder, "certificates.json"), JSON.stringify(certificates), { mode: 0o600 });
  const trusted = process.env.NODE_EXTRA_CA_CERTS;
  const before = trusted === undefined ? "" : await readFile(trusted, "utf8").catch(() => "");
  const bundle = join(folder, "trusted.pem");
  await writeFile(bundle, `${before}\n${certificates.ca}`);
  process.env.NODE_EXTRA_CA_CERTS = bundle;
  process.env[FOLDER] = folder;
}

export async function scriptedPeersCertificates(): Promise<PeerCertificates> {
  const folder = process.env[FOLDER];
  if (folder === undefined) throw new Error("trustScriptedPeers() has not run");
  return JSON.parse(await readFile(join(folder, "certificates.json"), "utf8"));
}
