/**
 * `node bench/authentication.ts [messages] [rounds]`: what it costs SMTP to ask who mail is from. Two services side by
 * side, one with INBOUND_AUTHENTICATION=off, take the same generated mail in turns, a DNS server in memory answers.
 */
import { startDns } from "../gateway/testing/fake-dns.ts";
import { type Service, startService } from "../tests/support/service.ts";
import { connectSmtp } from "../tests/support/smtp-client.ts";
import { generate } from "./generate.ts";
import { median } from "./measure.ts";

const [MESSAGES = 300, ROUNDS = 5] = process.argv.slice(2).map(Number);
const CONNECTIONS = 4;

const dns = await startDns({ "_dmarc.a.example": { TXT: ["v=DMARC1; p=reject"] } });
const limits = { RECEIVE_LIMITS: "off" };
const services = {
  off: await startService({ env: limits }),
  on: await startService({ env: { ...limits, INBOUND_AUTHENTICATION: "on", DNS_SERVERS: dns.server } }),
};
const rates: Record<keyof typeof services, number[]> = { off: [], on: [] };
const mail = [...generate(MESSAGES * (ROUNDS + 1))];
for (let round = 0; round <= ROUNDS; round++) {
  const batch = mail.slice(round * MESSAGES, (round + 1) * MESSAGES);
  for (const which of round % 2 === 0 ? (["off", "on"] as const) : (["on", "off"] as const)) {
    const rate = await deliver(services[which], batch);
    // The first warms up.
    if (round > 0) rates[which].push(rate);
  }
}
const ratios = rates.on.map((on, n) => on / (rates.off[n] ?? on));
for (const which of ["off", "on"] as const) {
  console.log(`SMTP, ${CONNECTIONS} connections, authentication ${which}: ${median(rates[which]).toFixed(0)}/s`);
}
console.log(`on / off, the median of ${ROUNDS} rounds: ${median(ratios).toFixed(2)}`);
await Promise.all(Object.values(services).map((service) => service.stop()));
await dns.close();

async function deliver(service: Service, batch: typeof mail): Promise<number> {
  const began = performance.now();
  let next = 0;
  const sender = async () => {
    const client = await connectSmtp(service.smtp);
    for (let one = batch[next++]; one !== undefined; one = batch[next++]) {
      await client.send(one.from, ["alice@mesh.test"], one.raw);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  return batch.length / ((performance.now() - began) / 1000);
}
