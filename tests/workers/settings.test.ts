/** What the owner chose, on whatever device. */
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { Settings } from "../../contract/settings.ts";
import { Vacation } from "../../contract/vacation.ts";
import { ok, problemAt } from "./api-answers.ts";
import { type Account, anAccount, logIn } from "./mesh.ts";

const settingsOf = (account: Account) => ok(account.call("GET", "/settings"), Settings);
const set = (account: Account, update: object) => ok(account.call("PATCH", "/settings", update), Settings);

const DEFAULTS: Settings = {
  ...{ trash_days: 30, junk_days: 30, undo_seconds: 0 },
  ...{ language: null, time_zone: null, theme: "system", density: "comfortable", reading_pane: "right" },
  ...{ conversations: true, remote_images: "ask", mark_read_seconds: 0 },
  ...{ keyboard_shortcuts: true, notifications: false },
};

describe("settings", () => {
  it("that nobody chose have their defaults", async () => {
    expect(await settingsOf(await anAccount())).toEqual(DEFAULTS);
  });

  it.each<Partial<Settings>>([
    { language: "zh" },
    { language: "de", time_zone: "Europe/Berlin" },
    { time_zone: "Asia/Kolkata" },
    { theme: "dark", density: "compact", reading_pane: "below" },
    { reading_pane: "off", conversations: false },
    { remote_images: "never" },
    { remote_images: "always", mark_read_seconds: null },
    { mark_read_seconds: 60, keyboard_shortcuts: false, notifications: true },
  ])("%j are found again on another device, and after the object slept", async (chosen) => {
    const phone = await anAccount();
    expect(await set(phone, chosen)).toEqual({ ...DEFAULTS, ...chosen });
    await evictDurableObject(phone.stub);
    expect(await settingsOf(await logIn(phone.email))).toEqual({ ...DEFAULTS, ...chosen });
  });

  it("are changed one by one, and go back", async () => {
    const alice = await anAccount();
    await set(alice, { language: "de", theme: "dark" });
    await set(alice, { time_zone: "Europe/Berlin" });
    expect(await set(alice, { language: null })).toEqual({ ...DEFAULTS, theme: "dark", time_zone: "Europe/Berlin" });
  });

  it("leave the vacation notice, which is kept beside them, as it is", async () => {
    const alice = await anAccount();
    const notice = { is_enabled: true, subject: "Away", body: "Until Monday." };
    const kept = await ok(alice.call("PUT", "/vacation", notice), Vacation);
    await set(alice, { theme: "dark" });
    expect(await ok(alice.call("GET", "/vacation"), Vacation)).toEqual(kept);
  });

  it.each([
    [{ language: "fr" }, "body.language"],
    [{ time_zone: "Mars/Olympus" }, "body.time_zone"],
    [{ time_zone: "" }, "body.time_zone"],
    [{ theme: "pink" }, "body.theme"],
    [{ density: null }, "body.density"],
    [{ reading_pane: "left" }, "body.reading_pane"],
    [{ conversations: "yes" }, "body.conversations"],
    [{ remote_images: true }, "body.remote_images"],
    [{ mark_read_seconds: 61 }, "body.mark_read_seconds"],
    [{ mark_read_seconds: -1 }, "body.mark_read_seconds"],
    [{ keyboard_shortcuts: 1 }, "body.keyboard_shortcuts"],
    [{ notifications: null }, "body.notifications"],
    [{ theme: "dark", other: 1 }, "body"],
    [{}, "body"],
  ])("are not %j", async (wrong, at) => {
    const alice = await anAccount();
    expect(await problemAt(alice.call("PATCH", "/settings", wrong))).toBe(`bad_request ${at}`);
    expect(await settingsOf(alice)).toEqual(DEFAULTS);
  });
});
