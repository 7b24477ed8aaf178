/** What the owner writes again and again. */
import { describe, expect, it } from "vitest";
import { MAX_TEMPLATE_CHARACTERS, MAX_TEMPLATE_HTML_CHARACTERS, MAX_TEMPLATES } from "../../contract/limits.ts";
import { Template, TemplateList } from "../../contract/templates.ts";
import { done, ok, problemAt } from "./api-answers.ts";
import { type Account, aDomain, anAccount } from "./mesh.ts";

const make = (account: Account, wanted: object) => ok(account.call("POST", "/templates", wanted), Template, 201);
const templatesOf = async (account: Account) => (await ok(account.call("GET", "/templates"), TemplateList)).templates;

describe("a template", () => {
  it("is kept as it was written, found by name, changed in parts, and deleted", async () => {
    const alice = await anAccount();
    const words = { name: "Offer", subject: "Our offer — 报价", body: "Dear …\n", body_html: "<p>Dear …</p>" };
    const offer = await make(alice, words);
    expect(offer).toMatchObject({ ...words, user_id: alice.user_id });
    const plain = await make(alice, { name: " Lunch " });
    expect(plain).toMatchObject({ name: "Lunch", subject: "", body: "", body_html: null });
    expect(await templatesOf(alice)).toEqual([plain, offer]);
    const changed = await ok(alice.call("PATCH", `/templates/${offer.id}`, { name: "A", body_html: null }), Template);
    expect(changed).toEqual({ ...offer, name: "A", body_html: null, changed_at: changed.changed_at });
    expect(await templatesOf(alice)).toEqual([changed, plain]);
    await done(alice.call("DELETE", `/templates/${offer.id}`));
    expect(await templatesOf(alice)).toEqual([plain]);
    expect(await problemAt(alice.call("DELETE", `/templates/${offer.id}`))).toBe("not_found");
    expect(await problemAt(alice.call("PATCH", `/templates/${offer.id}`, { name: "B" }))).toBe("not_found");
  });

  it("is its owner's alone", async () => {
    const domain = await aDomain();
    const [alice, bob] = [await anAccount(domain, "alice"), await anAccount(domain, "bob")];
    const { id } = await make(bob, { name: "His" });
    expect(await templatesOf(alice)).toEqual([]);
    expect(await problemAt(alice.call("PATCH", `/templates/${id}`, { name: "Mine" }))).toBe("not_found");
    expect(await problemAt(alice.call("DELETE", `/templates/${id}`))).toBe("not_found");
    expect(await templatesOf(bob)).toMatchObject([{ name: "His" }]);
  });

  it.each([
    [{}, "body.name"],
    [{ name: " " }, "body.name"],
    [{ name: "x".repeat(101) }, "body.name"],
    [{ name: "x", subject: "x".repeat(1001) }, "body.subject"],
    [{ name: "x", body: "x".repeat(MAX_TEMPLATE_CHARACTERS + 1) }, "body.body"],
    [{ name: "x", body_html: "x".repeat(MAX_TEMPLATE_HTML_CHARACTERS + 1) }, "body.body_html"],
    [{ name: "x", other: "y" }, "body"],
  ])("is not made of %.50j", async (wanted, at) => {
    const alice = await anAccount();
    expect(await problemAt(alice.call("POST", "/templates", wanted))).toBe(`bad_request ${at}`);
  });

  it("as large as it may be is listed with as many as there may be", async () => {
    const alice = await anAccount();
    const body = "好".repeat(MAX_TEMPLATE_CHARACTERS);
    const body_html = "好".repeat(MAX_TEMPLATE_HTML_CHARACTERS);
    for (let n = 0; n < MAX_TEMPLATES; n++) await make(alice, { name: `${n}`, body, body_html });
    expect(await templatesOf(alice)).toHaveLength(MAX_TEMPLATES);
    expect(await problemAt(alice.call("POST", "/templates", { name: "More" }))).toBe("conflict");
  });
});
