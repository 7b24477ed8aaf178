import { describe, expect, it } from "vitest";
import { Cells, MAX_COUNTED } from "./cells.ts";
import { Classifier } from "./classifier.ts";
import { classifierTest } from "./classifier-test.ts";
import { FeatureSet, type Features } from "./feature-set.ts";
import { NO_PRIOR } from "./prior.ts";
import { addWords } from "./words.ts";

function saying(text: string): Features {
  const set = new FeatureSet();
  addWords(set, "words", "", text);
  return set.finish();
}
const spam = (n: number) => saying(`cheap watches for you order now offer${n}`);
const ham = (n: number) => saying(`the minutes of our meeting on monday agenda${n}`);

function taught(lessons = 5): { cells: Cells; classifier: Classifier } {
  const cells = new Cells();
  const classifier = new Classifier(NO_PRIOR, cells);
  for (let n = 0; n < lessons; n++) {
    classifier.learn(spam(n), true);
    classifier.learn(ham(n), false);
  }
  return { cells, classifier };
}

describe("the classifier", () => {
  it("knows nothing before it was taught", () => {
    expect(new Classifier(NO_PRIOR, new Cells()).weigh(spam(1)).log_odds).toBe(0);
  });

  it("tells the kinds apart after a few lessons", () => {
    const { classifier } = taught();
    expect(classifier.weigh(spam(99)).log_odds).toBeGreaterThan(2);
    expect(classifier.weigh(ham(99)).log_odds).toBeLessThan(-2);
  });

  it("changes its mind when a lesson is taken back", () => {
    const { classifier } = taught(1);
    classifier.unlearn(spam(0), true);
    classifier.learn(spam(0), false);
    expect(classifier.weigh(spam(99)).log_odds).toBeLessThan(0);
  });

  it("names what spoke loudest", () => {
    const { classifier } = taught();
    expect(classifierTest(classifier, spam(99)).words).toMatch(/^It reads like junk: .*“watches”/);
    expect(classifierTest(classifier, ham(99)).words).toMatch(/^It reads like mail that is none: /);
  });
});

describe("what is learnt", () => {
  it("is the same after it was written and read", () => {
    const { cells } = taught();
    const pages = new Map(cells.pages().map((bytes, page) => [page, bytes]));
    expect(Cells.from(pages)).toEqual(cells);
  });

  it("is as large after thousands of lessons as after one", () => {
    const size = (cells: Cells) => cells.pages().reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { cells } = taught(1);
    const before = size(cells);
    for (let n = 0; n < 3000; n++) cells.count(spam(n).hashes, true, 1);
    expect(size(cells)).toBe(before);
    expect(before).toBeLessThan(2 * 1024 * 1024);
    expect(cells.pages().length).toBeLessThanOrEqual(64);
  });

  it("fades when it is not seen any more", () => {
    const { cells, classifier } = taught();
    const before = classifier.weigh(spam(99)).log_odds;
    for (let n = 0; n < 4 * MAX_COUNTED; n++) cells.count(new Uint32Array([n]), false, 1);
    expect(classifier.weigh(spam(99)).log_odds).toBeLessThan(before / 2);
    expect(cells.hamMessages).toBeLessThanOrEqual(MAX_COUNTED);
  });

  it("is never less than nothing, whatever is taken back", () => {
    const cells = new Cells();
    cells.count(spam(1).hashes, true, -1);
    expect(cells).toEqual(new Cells());
  });

  it("is nothing where the pages are of another size", () => {
    expect(
      Cells.from(
        new Map([
          [0, new Uint8Array(3)],
          [1, new Uint8Array(10)],
        ]),
      ),
    ).toEqual(new Cells());
  });
});

describe("the points of the classifier", () => {
  /** One that is as sure as this, after so many lessons. */
  const sure = (log_odds: number, lessons: number) => {
    const cells = new Cells();
    cells.hamMessages = lessons;
    const classifier = new Classifier(NO_PRIOR, cells);
    classifier.weigh = ({ hashes }) => ({ log_odds, shares: new Float64Array(hashes.length) });
    return classifierTest(classifier, saying("one two three four five six seven eight nine ten eleven twelve")).weight;
  };

  it("make no junk before it was taught, and more for what looks more like spam", () => {
    expect(sure(100, 0)).toBeLessThan(5);
    expect(sure(3, 0)).toBeLessThan(sure(4, 0));
  });

  it("are what they are once it was taught, up to a limit", () => {
    expect(sure(5, 2000)).toBeCloseTo(5, 1);
    expect(sure(10, 2000)).toBeCloseTo(10, 0);
    expect(sure(100, 2000)).toBe(20);
    expect(sure(-100, 0)).toBe(-20);
  });
});
