import { expect, it } from "vitest";
import { htmlOf, signatureUpdate } from "./signature.ts";

it("shows in HTML what was typed, and nothing that HTML would do", () => {
  expect(htmlOf('Ana <ana@mesh.test>\n"R&D"')).toBe("<div>Ana &lt;ana@mesh.test&gt;<br>&quot;R&amp;D&quot;</div>");
  expect(htmlOf(" \n")).toBe("");
});

it("leaves HTML that was written by itself until the text changes", () => {
  const before = { text_signature: "Ana", html_signature: "<b>Ana</b>" };
  expect(signatureUpdate(before, "Ana")).toEqual({});
  expect(signatureUpdate(before, "")).toEqual({ text_signature: "", html_signature: "" });
});
