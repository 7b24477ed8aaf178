import { expect, it } from "vitest";
import { linksIn } from "./links-in.ts";

const links = (text: string) => linksIn(text).flatMap(({ href }) => href ?? []);

it("finds web addresses, without what belongs to the sentence", () => {
  expect(
    links("See https://river.example/a?b=c#d. And (http://river.example/x_(y)), or HTTPS://RIVER.example!"),
  ).toEqual(["https://river.example/a?b=c#d", "http://river.example/x_(y)", "https://river.example/"]);
  expect(links("看https://river.example/路。好")).toEqual(["https://river.example/%E8%B7%AF"]);
});

it("makes a link of nothing else", () => {
  expect(
    links("javascript:alert(1) data:text/html,x file:///etc www.river.example river.example https:// http://"),
  ).toEqual([]);
});

it("loses nothing of the text", () => {
  for (const text of ["", "a", "a https://b.example/ c", "https://b.example/", "https://b.example/."]) {
    expect(
      linksIn(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  }
});

it("is as quick with what was written to keep it busy", () => {
  const many = 200_000;
  for (const end of [
    `${".".repeat(many)}x`,
    ")".repeat(many),
    ").".repeat(many),
    `${"(".repeat(many)}${")".repeat(many)}`,
  ]) {
    expect(linksIn(`http://a.example/${end}`)[0]?.href).toMatch(/^http:\/\/a\.example\//);
  }
  expect(linksIn("(http://a.example/b_(c)).").map(({ href }) => href)).toEqual([null, "http://a.example/b_(c)", null]);
});
