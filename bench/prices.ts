/**
 * What the platform asks for a million of something, beyond what a plan includes, in dollars (Cloudflare's pricing pages,
 * August 2026): Workers requests 0.30 a million, objects' requests 0.15, rows read 0.001, rows written 1.00, R2 writes
 * (class A) 4.50, reads (class B) 0.36. Duration and CPU come on top and depend on the machine.
 */
import type { Rows } from "./inside.ts";

const WORKER_REQUEST = 0.3;
const OBJECT_REQUEST = 0.15;
const ROW_READ = 0.001;
const ROW_WRITTEN = 1;
const R2_WRITE = 4.5;

interface Bought {
  label: string;
  /** The operation whose rows are counted. */
  name: string;
  /** Calls of objects, and objects of R2 that are written. */
  calls: number;
  writes: number;
}

const BOUGHT: Bought[] = [
  // The Domain is asked, then the Mailbox delivers; the bytes are one object.
  { label: "deliveries", name: "delivery", calls: 2, writes: 1 },
  { label: "inbox pages", name: "inbox page of 50", calls: 1, writes: 0 },
  { label: "searches for a common word", name: "search: common word", calls: 1, writes: 0 },
];

export function prices(measured: { name: string; rows: Rows }[]): string[] {
  return BOUGHT.flatMap(({ label, name, calls, writes }) => {
    const rows = measured.find((one) => one.name === name)?.rows;
    if (rows === undefined) return [];
    const parts = {
      "rows written": rows.written * ROW_WRITTEN,
      "rows read": rows.read * ROW_READ,
      R2: writes * R2_WRITE,
      requests: WORKER_REQUEST + calls * OBJECT_REQUEST,
    };
    const sum = Object.values(parts).reduce((total, one) => total + one, 0);
    const shown = Object.entries(parts).filter(([, dollars]) => dollars >= 0.005);
    const detail = shown.map(([part, dollars]) => `${part} ${dollars.toFixed(2)}`).join(", ");
    return [`a million ${label}: $${sum.toFixed(2)} (${detail})`];
  });
}
