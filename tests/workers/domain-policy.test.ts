/** What a domain takes from strangers, as its operator sets it. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DomainPolicy } from "../../contract/domain-policy.ts";
import { Problem } from "../../contract/problem.ts";
import { ok } from "./api-answers.ts";
import { aDomain, anAccount, asAdmin } from "./mesh.ts";

const patch = (domain: string, changes: object) =>
  ok(asAdmin("PATCH", `/domains/${domain}/policy`, changes), DomainPolicy);

describe("the policy of a domain", () => {
  it("is at first to refuse viruses and what is forged", async () => {
    const policy = await ok(asAdmin("GET", `/domains/${await aDomain()}/policy`), DomainPolicy);
    expect(policy).toEqual({ refused_attachments: ["virus"], dmarc_reject: "obey" });
  });

  it("changes in what is named, and keeps the rest", async () => {
    const domain = await aDomain();
    expect(await patch(domain, { dmarc_reject: "mark" })).toMatchObject({ refused_attachments: ["virus"] });
    const attachments = ["program", "virus", "program"];
    expect(await patch(domain, { refused_attachments: attachments })).toEqual({
      refused_attachments: ["program", "virus"],
      dmarc_reject: "mark",
    });
    expect(await patch(domain, { refused_attachments: [] })).toMatchObject({ refused_attachments: [] });
  });

  it("comes with the answer to who gets mail", async () => {
    const domain = await aDomain();
    await anAccount(domain);
    await patch(domain, { dmarc_reject: "mark" });
    const found = await env.DOMAIN.getByName(domain).resolve("alice");
    expect(found).toMatchObject({ policy: { refused_attachments: ["virus"], dmarc_reject: "mark" } });
  });

  it.each([
    [{ dmarc_reject: "ignore" }, "body.dmarc_reject"],
    [{ refused_attachments: ["music"] }, "body.refused_attachments.0"],
    [{ dmarc: "mark" }, "body"],
  ])("is never %j", async (changes, at) => {
    const answer = await asAdmin("PATCH", `/domains/${await aDomain()}/policy`, changes);
    expect(answer.status).toBe(400);
    expect(Problem.parse(await answer.json()).issues?.[0]?.at).toBe(at);
  });

  it("is that of a domain that is here, and for the operator", async () => {
    expect((await asAdmin("GET", "/domains/nowhere.test/policy")).status).toBe(404);
    expect((await asAdmin("PATCH", "/domains/nowhere.test/policy", { dmarc_reject: "mark" })).status).toBe(404);
    expect((await asAdmin("GET", "/domains/no%20name/policy")).status).toBe(400);
  });
});
