import { expect, it } from "vitest";
import { refused } from "../testing/fake-mesh.ts";
import { refusalOf, TRY_AGAIN, verdictOf } from "./replies.ts";

const accepted = { address: "a@mesh.test", outcome: "accepted" } as const;
const full = { code: 452, status: "4.2.2", text: "Mailbox full" };

it("all accepted is a 250", () =>
  expect(verdictOf([accepted, accepted])).toMatchObject({ code: 250, status: "2.0.0" }));

it("all refused is the refusal", () =>
  expect(verdictOf([refused("x@y.test")])).toMatchObject({ code: 550, status: "5.1.1" }));

it("all refused for different reasons is the temporary one", () => {
  expect(verdictOf([refused("x@y.test"), refused("z@y.test", full)])).toEqual(full);
});

it("some accepted and some refused is a 451", () =>
  expect(verdictOf([accepted, refused("x@y.test")])).toEqual(TRY_AGAIN));

it("no outcome at all is a 451", () => expect(verdictOf([])).toEqual(TRY_AGAIN));

it.each([
  { code: 250, status: "2.0.0", text: "a refusal that says yes" },
  { code: 421, status: "4.3.2", text: "would end the connection" },
  { code: 550, status: "4.1.1", text: "says two things" },
])("a refusal of $code $status is not passed on", (reply) => expect(refusalOf(reply)).toEqual(TRY_AGAIN));
