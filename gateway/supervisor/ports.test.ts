import { createServer, type Server } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { onPort, requireFreePorts } from "./ports.ts";

async function occupied(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
}

it("a port in use is one line with the port and the variable", async () => {
  const { port } = await occupied();
  await expect(requireFreePorts([{ variable: "SMTP_PORT", port, host: "127.0.0.1" }], 0)).rejects.toThrow(
    `Already in use: port ${port} on 127.0.0.1. Set SMTP_PORT to another one.`,
  );
});

it("patience waits for a port that is given up", async () => {
  const { port, server } = await occupied();
  setTimeout(() => server.close(), 100);
  await requireFreePorts([{ variable: "PORT", port, host: "127.0.0.1" }], 2_000);
});

it("an address that is not this machine's is said to be so", async () => {
  const wanted = { variable: "PORT", port: 0, host: "192.0.2.1" };
  await expect(requireFreePorts([wanted], 0)).rejects.toThrow("Cannot be used (EADDRNOTAVAIL)");
});

it("a port taken in the last moment is the same line", async () => {
  const wanted = { variable: "PORT", port: 8787, host: "127.0.0.1" };
  const late = Promise.reject(Object.assign(new Error("bind"), { code: "EADDRINUSE" }));
  await expect(onPort(wanted, late)).rejects.toThrow("Already in use: port 8787");
});
