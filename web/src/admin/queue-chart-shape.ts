/** Lines and numbers of the chart of the queue, in a box of 1 by 1 whose y grows downwards. */
import type { QueueHistory } from "../../../contract/operator.ts";

type Points = QueueHistory["points"];

export interface Line {
  /** Pieces of a path: there is none through a time in which nothing was seen. */
  path: string;
  /** The same, closed at the foot. */
  area: string;
  /** What stands at the top of the box: a round number above all. */
  top: number;
}

/** More than this many intervals without a point is a gap. */
const GAP = 2.5;

export function lineOf(
  { points, interval_seconds }: QueueHistory,
  numberOf: (point: Points[number]) => number,
  from: number,
  until: number,
): Line {
  const top = roundTop(Math.max(0, ...points.map(numberOf)));
  const placed = points.map((point) => ({
    at: Date.parse(point.at),
    x: (Date.parse(point.at) - from) / (until - from),
    y: 1 - numberOf(point) / top,
  }));
  const pieces: (typeof placed)[] = [];
  for (const point of placed) {
    const piece = pieces.at(-1);
    const before = piece?.at(-1);
    if (piece && before && point.at - before.at <= GAP * interval_seconds * 1000) piece.push(point);
    else pieces.push([point]);
  }
  const drawn = pieces.map((piece) => piece.map(({ x, y }, n) => `${n === 0 ? "M" : "L"}${round(x)} ${round(y)}`));
  return {
    path: drawn.map((moves) => moves.join("")).join(""),
    area: pieces
      .map((piece, n) => `${drawn[n]?.join("")}L${round(piece.at(-1)?.x ?? 0)} 1L${round(piece[0]?.x ?? 0)} 1Z`)
      .join(""),
    top,
  };
}

/** 1, 2 or 5 times a power of ten: a number that people read at a glance. */
export function roundTop(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 5, 10].find((step) => step * power >= most) ?? 10) * power;
}

export interface Row {
  from: string;
  recipients: number;
  oldest_seconds: number;
}

/** For who reads the chart as a table: the most of each span, the newest first. */
export function rowsOf(points: Points, spanSeconds: number): Row[] {
  const rows = new Map<number, Row>();
  for (const { at, recipients, oldest_seconds } of points) {
    const span = Math.floor(Date.parse(at) / 1000 / spanSeconds) * spanSeconds;
    const row = rows.get(span);
    rows.set(span, {
      from: new Date(span * 1000).toISOString(),
      recipients: Math.max(recipients, row?.recipients ?? 0),
      oldest_seconds: Math.max(oldest_seconds, row?.oldest_seconds ?? 0),
    });
  }
  return [...rows.values()].toReversed();
}

const round = (share: number): number => Math.round(share * 10_000) / 10_000;
