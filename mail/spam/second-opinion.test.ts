import { describe, expect, it } from "vitest";
import { stringsOf } from "./beginning.ts";
import { buildPrior, type Lesson } from "./build-prior.ts";
import { Cells, MAX_COUNTED } from "./cells.ts";
import { Classifier } from "./classifier.ts";
import { FeatureSet, type Features } from "./feature-set.ts";
import { NO_PRIOR } from "./prior.ts";

/** They differ in the way they came, and in nothing that the first opinion looks at. */
function cameFrom(host: string): Features {
  const set = new FeatureSet();
  set.add("words", "hello");
  return set.finish(stringsOf(new TextEncoder().encode(`Received: from ${host} by mesh.test\r\n\r\nhello`)));
}
const friend = cameFrom("mail.friend.example");
const stranger = cameFrom("[192.0.2.17]");

function taught(ham: number, spam: number): { cells: Cells; classifier: Classifier } {
  const cells = new Cells();
  const classifier = new Classifier(NO_PRIOR, cells);
  for (let n = 0; n < Math.max(ham, spam); n++) {
    if (n < ham) classifier.learn(friend, false);
    if (n < spam) classifier.learn(stranger, true);
  }
  return { cells, classifier };
}
const gap = (classifier: Classifier) => classifier.weigh(stranger).log_odds - classifier.weigh(friend).log_odds;

describe("the second opinion", () => {
  it("tells apart by the way they came what says the same", () => {
    expect(gap(taught(20, 20).classifier)).toBeGreaterThan(2);
  });

  it("is not asked where only one kind was taught: everything would look like that kind", () => {
    expect(gap(taught(0, 50).classifier)).toBe(0);
    expect(gap(taught(50, 0).classifier)).toBe(0);
    expect(gap(taught(2, 2).classifier)).toBeLessThan(gap(taught(20, 20).classifier));
  });

  it("changes its mind", () => {
    const { classifier } = taught(20, 20);
    const before = gap(classifier);
    for (let n = 0; n < 20; n++) {
      classifier.unlearn(stranger, true);
      classifier.learn(stranger, false);
      classifier.unlearn(friend, false);
      classifier.learn(friend, true);
    }
    expect(before).toBeGreaterThan(0);
    expect(gap(classifier)).toBeLessThan(0);
  });

  it("is kept with the rest, and fades with it", () => {
    const { cells } = taught(20, 20);
    const read = Cells.from(new Map(cells.pages().map((bytes, page) => [page, bytes])));
    expect(read).toEqual(cells);
    const before = gap(new Classifier(NO_PRIOR, read));
    for (let n = 0; n < 8 * MAX_COUNTED; n++) read.count(new Uint32Array([n]), n % 2 === 0, 1);
    expect(gap(new Classifier(NO_PRIOR, read))).toBeLessThan(before);
  });

  it("was written by no prior", () => {
    const lessons = (first: Features, second: Features): Lesson[] =>
      Array.from({ length: 10 }, (_, n) => ({ features: n < 5 ? first : second, isSpam: n < 5 }));
    const inOrder = (all: Lesson[]) => all;
    expect(buildPrior(lessons(friend, stranger), inOrder)).toEqual(buildPrior(lessons(friend, friend), inOrder));
  });

  it("is nothing where a mailbox was taught before there was one", () => {
    const pages = new Map(
      taught(20, 20)
        .cells.pages()
        .map((bytes, page) => [page, bytes]),
    );
    for (const page of [17, 18]) pages.delete(page);
    const read = Cells.from(pages);
    expect(read.hamMessages).toBe(20);
    expect(gap(new Classifier(NO_PRIOR, read))).toBe(0);
  });
});
