/** Sends mail with the real `swaks`, as an operator does who tries out a mail server. */
import { spawn } from "node:child_process";

export interface Sending {
  /** 0 when the message was accepted. */
  code: number | null;
  /** The whole conversation: `<-` the server, `->` swaks, `~` under TLS, `**` what went wrong. */
  transcript: string;
  /** When the last reply was there. */
  at: number;
}

export function swaks(port: number, ...options: string[]): Promise<Sending> {
  const child = spawn("swaks", ["--server", `127.0.0.1:${port}`, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let transcript = "";
  const read = (chunk: Buffer) => {
    transcript += chunk.toString();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, transcript, at: Date.now() }));
  });
}
