/** Mails that deceive, and honest ones that come near to it, of many kinds and seeded. */
import type { WarningReason } from "../contract/warnings.ts";
import { deceivingKinds } from "./deceiving-mails.ts";
import { honestKinds } from "./honest-mails.ts";
import { aPen, type Person } from "./phishing-pen.ts";

export interface Mail {
  kind: string;
  /** Null: nothing should be said of it. */
  expected: WarningReason | null;
  raw: Uint8Array<ArrayBuffer>;
  sender: "verified" | "unverified";
}

export interface Set {
  contacts: Person[];
  mails: Mail[];
}

export function phishingMails(seed: number, ofEach: number): Set {
  const pen = aPen(seed);
  const mails = [...deceivingKinds(pen), ...honestKinds(pen)].flatMap(([kind, expected, make, sender]) =>
    Array.from({ length: ofEach }, (): Mail => ({ kind, expected, raw: make(), sender: sender ?? "verified" })),
  );
  return { contacts: pen.contacts, mails };
}
