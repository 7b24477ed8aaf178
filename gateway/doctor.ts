/** `npm run doctor -- DOMAIN`: looks up what DNS says of a domain of the mesh, and says in plain words what is wrong. */
import { DEFAULT_DOH_URL, DohUnreachable, dnsOverHttps } from "../mail/doctor/dns-over-https.ts";
import { examine, isHealthy } from "../mail/doctor/examine.ts";
import { connectAdmin, NotConnected } from "./admin/connection.ts";
import { ValueError } from "./admin/usage-error.ts";
import { requireDomain } from "./admin/values.ts";
import { AdminProblem } from "./admin-api.ts";
import { fetchPolicy } from "./doctor/fetch-policy.ts";
import { lineOf } from "./doctor/line-of.ts";
import { SettingsError } from "./settings.ts";

const USAGE = `Usage: npm run doctor -- DOMAIN

Compares what DNS says of DOMAIN with what \`npm run admin -- dns DOMAIN\` prints. Ends with 0 when
all is well, with 1 when something is wrong.

DOH_URL names the DNS-over-HTTPS server to ask (${DEFAULT_DOH_URL}). The mesh is the one
that npm run admin speaks to.`;

async function main(args: string[]): Promise<number> {
  const [domain, ...others] = args;
  if (domain === undefined || domain.startsWith("-") || others.length > 0) {
    console.log(USAGE);
    return domain === "--help" || domain === "-h" ? 0 : 2;
  }
  try {
    requireDomain(domain);
    const wanted = await (await connectAdmin(process.env)).dns(domain);
    const sections = await examine(wanted, dnsOverHttps(fetch, dohUrl(process.env.DOH_URL)), fetchPolicy);
    for (const { title, findings } of sections) console.log([title, ...findings.map(lineOf), ""].join("\n"));
    const healthy = isHealthy(sections);
    console.log(healthy ? `${wanted.domain} is in order.` : `${wanted.domain} needs attention.`);
    return healthy ? 0 : 1;
  } catch (error) {
    if (error instanceof ValueError) return fail(2, error.message);
    if (
      error instanceof DohUnreachable ||
      error instanceof AdminProblem ||
      error instanceof NotConnected ||
      error instanceof SettingsError
    )
      return fail(1, error.message);
    throw error;
  }
}

function dohUrl(text = ""): string {
  if (text === "") return DEFAULT_DOH_URL;
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? "")) return text;
  throw new ValueError(`DOH_URL is not a web address (it is ${JSON.stringify(text)})`);
}

function fail(code: number, message: string): number {
  console.error(message);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
