/**
 * What screening finds in a message, and what it weighs. It is about messages and not about sending: what a finding
 * means for mail that leaves or comes is its caller's to say. Measured on real mail in docs/decisions/0024.
 */

/** From this weight on a message is refused. What only looks like harm stays below it, alone. */
const REFUSED_FROM = 10;

export const WEIGHTS = {
  // Malware, or what every mail service refuses for it: one is enough.
  test_virus: 10,
  program: 10,
  program_name: 10,
  script_name: 10,
  double_extension: 10,
  script_double_extension: 10,
  // Nobody gives a file such a name but to hide what it is.
  disguised_name: 10,
  // Made to be refused (GTUBE).
  test_spam: 10,
  // Newsletters count clicks in this very way, so it weighs only beside a form.
  misleading_link: 4,
  // No reader sends what is typed there, and few honest messages ask for it.
  password_form: 6,
  // Lists and newsletters write so, also beside counted links: the two together are not enough.
  name_is_other_address: 5,
  // A password protects honest archives too, and a cut one is only broken.
  encrypted_archive: 2,
  unreadable_archive: 2,
  // Offices send them to each other every day: their reader is told, and nobody refuses them for it.
  macros: 0,
  page_script: 0,
  type_differs: 0,
} as const;

export type FindingCode = keyof typeof WEIGHTS;

export interface Finding {
  /** `attachments.0`, `html`, `text`, `subject` or `from`. */
  at: string;
  code: FindingCode;
  /** For the person who wrote the message. */
  words: string;
}

export interface Verdict {
  refused: boolean;
  findings: Finding[];
}

/** One finding a kind and place: an archive with a thousand programs is refused for the first. */
export class Findings {
  readonly #byKind = new Map<string, Finding>();

  add(finding: Finding): void {
    const key = `${finding.code} ${finding.at}`;
    if (!this.#byKind.has(key)) this.#byKind.set(key, finding);
  }

  get verdict(): Verdict {
    const findings = [...this.#byKind.values()];
    // Each kind once: a hundred counted links of one newsletter say no more than one.
    const codes = new Set(findings.map(({ code }) => code));
    const weight = [...codes].reduce((sum, code) => sum + WEIGHTS[code], 0);
    return { refused: weight >= REFUSED_FROM, findings };
  }
}
