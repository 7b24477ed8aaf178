import { describe, expect, it } from "vitest";
import { refuseParameters } from "./parameters.ts";

const refusal = (text: string, verb: "MAIL" | "RCPT" = "MAIL", withAuth = false) =>
  refuseParameters(text, verb, { withAuth });

describe("parameters of MAIL", () => {
  it.each([[""], ["SIZE=10"], ["size=10 body=8BITMIME"], ["SMTPUTF8  BODY=7BIT\tSIZE=1"]])("%j are known", (text) =>
    expect(refusal(text)).toBeUndefined(),
  );

  it.each([["FOO=1"], ["SIZE=10 FOO"], ["RET=HDRS"], ["REQUIRETLS"], ["AUTH=<>"], ["CONSTRUCTOR=1"], ["BY=120;R"]])(
    "%j are not",
    (text) => expect(refusal(text)).toMatchObject({ code: 555, status: "5.5.4" }),
  );

  it.each([["=1"], ["-A=1"], ["FOO;BAR"], ["<a@b.test>"], ["Fö=1"]])("%j are none at all", (text) =>
    expect(refusal(text)).toMatchObject({ code: 501, status: "5.5.4" }),
  );

  it("AUTH is known where a login is offered", () => expect(refusal("AUTH=<>", "MAIL", true)).toBeUndefined());

  it("are named in the reply, a long one in part", () => {
    expect(refusal("Foo-2=\u0007")?.text).toBe("Parameter of MAIL not known: FOO-2");
    expect(refusal("X".repeat(4000))?.text.length).toBeLessThan(100);
  });
});

describe("parameters of RCPT", () => {
  it.each([["NOTIFY=NEVER"], ["ORCPT=rfc822;a@b.test"], ["SIZE=1"], ["AUTH=<>"]])("%j are not known", (text) =>
    expect(refusal(text, "RCPT", true)).toMatchObject({ code: 555, status: "5.5.4" }),
  );
});
