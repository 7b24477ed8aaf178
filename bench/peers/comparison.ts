/** Mailmesh beside each peer: who is ahead, by what factor, and where Mailmesh is behind. Figures in, lines out. */
import type { Figure, Figures } from "./figures.ts";

export interface Measured {
  name: string;
  figures: Figures;
}

/** Nearer than this is as good as the noise of a run. */
const LEVEL = 1.05;

export function comparison(ours: Measured, peers: Measured[]): { head: string[]; rows: string[][] } {
  return {
    head: ["", ours.name, ...peers.flatMap(({ name }) => [name, "ahead"])],
    rows: Array.from(ours.figures, ([row, figure]) => [
      row,
      figure.text,
      ...peers.flatMap((peer) => [peer.figures.get(row)?.text ?? "-", verdict(ours, peer, row)]),
    ]),
  };
}

/** How many messages each found of each search: a fast answer that misses what is there is none. */
export function foundBy(all: Measured[]): { head: string[]; rows: string[][] } {
  const searches = Array.from(all[0]?.figures ?? []).filter(([, { found }]) => found !== undefined);
  return {
    head: ["messages found", ...all.map(({ name }) => name)],
    rows: searches.map(([row]) => [row, ...all.map(({ figures }) => String(figures.get(row)?.found ?? "-"))]),
  };
}

/** What Mailmesh has to learn from a peer, worst first. */
export function behind(ours: Measured, peer: Measured): string[] {
  return Array.from(ours.figures.keys(), (row) => ({ row, factor: lead(ours, peer, row) }))
    .filter(({ factor }) => factor !== undefined && factor < 1 / LEVEL)
    .sort((a, b) => (a.factor ?? 0) - (b.factor ?? 0))
    .map(({ row, factor }) => `${row} (${times(1 / (factor ?? 1))})`);
}

function verdict(ours: Measured, peer: Measured, row: string): string {
  if (findsNothing(peer.figures.get(row), ours.figures.get(row))) return "finds nothing";
  const factor = lead(ours, peer, row);
  if (factor === undefined) return "";
  if (factor < LEVEL && factor > 1 / LEVEL) return "level";
  return factor > 1 ? `${ours.name} ${times(factor)}` : `${peer.name} ${times(1 / factor)}`;
}

/** How many times better ours is; undefined where the two cannot be compared. */
function lead(ours: Measured, peer: Measured, row: string): number | undefined {
  const [a, b] = [ours.figures.get(row), peer.figures.get(row)];
  if (a === undefined || b === undefined || a.value === 0 || b.value === 0) return undefined;
  if (a.isCompared === false || b.isCompared === false || findsNothing(b, a)) return undefined;
  return a.better === "more" ? a.value / b.value : b.value / a.value;
}

const findsNothing = (one?: Figure, other?: Figure): boolean => one?.found === 0 && (other?.found ?? 0) > 0;

const times = (factor: number): string => `${factor.toFixed(factor < 10 ? 1 : 0)} ×`;
