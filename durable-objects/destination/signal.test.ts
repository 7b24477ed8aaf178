import { describe, expect, it } from "vitest";
import { type Outcome, signalOf } from "./signal.ts";

const sent: Outcome = { result: "sent", status: "2.0.0", reply: "250 OK" };
const deferred = (status: string, reply: string): Outcome => ({ result: "deferred", status, reply });
const failed: Outcome = { result: "failed", status: "5.1.1", reply: "550 No such user" };
const greylisted = deferred("4.7.1", "450 4.7.1 Greylisted, come again in 300 seconds");

describe("what a transaction says about its destination", () => {
  it.each<[string, Outcome[], ReturnType<typeof signalOf>]>([
    ["mail was taken", [sent], "well"],
    ["some recipients were refused", [sent, failed, greylisted], "well"],
    ["421 to anything", [deferred("4.7.0", "421 4.7.0 Too many connections")], "stop"],
    ["421 in the middle, after one was refused", [failed, deferred("4.3.2", "421 Closing")], "stop"],
    ["Cloudflare's limit", [deferred("4.4.5", "E_RATE_LIMIT_EXCEEDED: slow down")], "stop"],
    ["421 after the last dot", [{ result: "uncertain", status: "4.3.2", reply: "421 Closing" }], "stop"],
    ["a server that is full", [deferred("4.3.1", "452 4.3.1 Insufficient system storage")], "slower"],
    ["the same to everyone", [deferred("4.3.2", "451 Later"), deferred("4.3.2", "451 Later")], "slower"],
    ["a connection that is refused", [deferred("4.4.1", "connection refused")], "slower"],
    ["a rate limit with a code of its own", [deferred("4.7.28", "450 4.7.28 Unusual rate")], "slower"],
    ["one recipient that is greylisted", [greylisted], "none"],
    ["greylisting under another code", [deferred("4.7.0", "451 4.7.0 Graylisting in action")], "none"],
    ["all recipients greylisted", [greylisted, greylisted], "none"],
    ["a full mailbox", [deferred("4.2.2", "452 4.2.2 Over quota")], "none"],
    ["too many recipients", [deferred("4.5.3", "452 4.5.3 Too many")], "none"],
    ["each something else", [deferred("4.3.2", "451 x"), deferred("4.2.1", "450 y")], "none"],
    ["only refusals for good", [failed, failed], "none"],
    ["nothing", [], "none"],
  ])("%s", (_, outcomes, signal) => {
    expect(signalOf(outcomes)).toBe(signal);
  });
});
