import { expect, it } from "vitest";
import { parameterText, parseParameterField } from "./parameters.ts";

it.each([
  ["text/plain; charset=utf-8", "text/plain", { charset: "utf-8" }],
  ['Text/Plain; Charset="utf-8"; format=flowed', "text/plain", { charset: "utf-8", format: "flowed" }],
  ["text/plain; charset=us-ascii (Plain text)", "text/plain", { charset: "us-ascii" }],
  ["(comment) text/plain (another); (one more) charset=x", "text/plain", { charset: "x" }],
  ["text/plain charset=us-ascii", "text/plain", { charset: "us-ascii" }],
  ["multipart/mixed; boundary=a; boundary=b", "multipart/mixed", { boundary: "a" }],
  ["x; flag; boundary=a", "x", { flag: "", boundary: "a" }],
  ["x; a = b ; c", "x", { a: "b", c: "" }],
  ['x; a="b;c"; d="e\\"f\\\\g"', "x", { a: "b;c", d: 'e"f\\g' }],
  ['x; filename="C:\\Users\\me\\a.txt"', "x", { filename: "C:\\Users\\me\\a.txt" }],
  ["x; filename=Invoice (1).pdf", "x", { filename: "Invoice (1).pdf" }],
  ['x; a="unclosed; b=c', "x", { a: "unclosed; b=c" }],
  ['x; a="b" junk; c=d', "x", { a: "b", c: "d" }],
  ["", "", {}],
  [";;;=;=", "", {}],
])("%j reads as %s with %j", (text, value, parameters) => {
  const field = parseParameterField(text);
  expect(field.value).toBe(value);
  expect(Object.fromEntries(field.parameters)).toEqual(parameters);
});

it.each([
  ["x; name*=utf-8''%e2%82%ac%20rates", "€ rates"],
  ["x; name*=iso-8859-1'en'%A3", "£"],
  ["x; name=plain; name*=UTF-8''ext", "ext"],
  ["x; name*0=ab; name*1=cd; name*3=lost", "abcd"],
  ["x; name*1=cd; name*0=ab", "abcd"],
  ["x; name*0*=utf-8''%e2%82; name*1*=%ac; name*2=%20x", "€%20x"],
  ["x; name*=nonsense''%e2%82%ac", "€"],
  ["x; name*=%zz%", "%zz%"],
  ["x; name=a%20b", "a%20b"],
])("the name in %s is %s", (text, name) => {
  expect(parameterText(parseParameterField(text).parameters, "name")).toBe(name);
});

it("a parameter that is not there is null", () => {
  expect(parameterText(parseParameterField("x; a=b").parameters, "name")).toBeNull();
});
