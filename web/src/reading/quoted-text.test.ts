import { expect, it } from "vitest";
import { splitQuoted } from "./quoted-text.ts";

const split = (...lines: string[]) => splitQuoted(lines.join("\n"));

it("takes what is repeated at the end, with the line that says whose words they are", () => {
  expect(split("I have them.", "", "Ines Carvalho, 3 May:", "> Who has them?", ">", "> Ines", "")).toEqual({
    text: "I have them.",
    quoted: "Ines Carvalho, 3 May:\n> Who has them?\n>\n> Ines",
  });
  expect(
    split("Yes.", "", "On Mon, 3 May 2027 at 10:00, Ines Carvalho", "<ines@river.example> wrote:", "", "> So?"),
  ).toEqual({
    text: "Yes.",
    quoted: "On Mon, 3 May 2027 at 10:00, Ines Carvalho\n<ines@river.example> wrote:\n\n> So?",
  });
});

it("takes all below Outlook's line", () => {
  expect(split("Fine.", "", "-----Original Message-----", "From: Ana", "", "Is it?", "Ana")).toEqual({
    text: "Fine.",
    quoted: "-----Original Message-----\nFrom: Ana\n\nIs it?\nAna",
  });
});

it("leaves what is answered line by line, what is only quoted, and what only looks like it", () => {
  for (const lines of [
    ["> At six?", "Yes.", "> And where?", "At the pier."],
    ["Ines wrote:", "> All of it."].slice(1),
    ["-> an arrow", "and: a colon"],
    [""],
  ]) {
    expect(split(...lines)).toEqual({ text: lines.join("\n"), quoted: "" });
  }
});
