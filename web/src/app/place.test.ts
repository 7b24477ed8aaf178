import fc from "fast-check";
import { expect, it } from "vitest";
import { addressOf, INBOX, type Place, placeOf } from "./place.ts";

/** As the browser takes it apart. */
const readBack = (place: Place): Place => {
  const { pathname, hash } = new URL(addressOf(place), "http://mesh.test");
  return placeOf(pathname, hash);
};

const word = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text.isWellFormed() && !/^\.\.?$/.test(text));
const opened = fc.option(fc.record({ kind: fc.constantFrom("thread" as const, "message" as const), id: word }));
const place = fc.oneof<fc.Arbitrary<Place>[]>(
  fc.record({ screen: fc.constant("folder" as const), folder: word, opened }),
  fc.record({
    screen: fc.constant("search" as const),
    q: fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    opened,
  }),
  fc.record({ screen: fc.constantFrom("settings" as const, "admin" as const), section: word }),
);

it("every place has an address that leads back to it", () => {
  fc.assert(
    fc.property(place, (place) => {
      expect(readBack(place)).toEqual(place);
    }),
  );
});

it("what is searched for is in no part of an address that is sent to a server", () => {
  const { pathname, search } = new URL(addressOf({ screen: "search", q: "divorce", opened: null }), "http://mesh.test");
  expect(pathname + search).toBe("/search");
});

it.each(["/", "/nowhere", "/in", "/in/", "/%E0%A4%A", "/in/inbox/thread/", "/in/inbox/other/7"])(
  "%s leads somewhere",
  (path) => {
    expect(placeOf(path, "#q=%")).toMatchObject({ screen: "folder", opened: null });
  },
);

it("an address that is none of ours is the inbox's", () => {
  expect(placeOf("/wp-admin", "")).toEqual(INBOX);
});
