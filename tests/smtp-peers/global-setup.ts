/** Runs in Node before the tests in workerd: starts the server that makes scripted SMTP peers. */
import type { TestProject } from "vitest/node";
import { ControlServer } from "./control-server.ts";
import { scriptedPeersCertificates } from "./trust.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const control = new ControlServer(await scriptedPeersCertificates());
  project.provide("smtpPeers", { control_url: await control.listen() });
  return () => control.close();
}
