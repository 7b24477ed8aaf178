/** What is said to who does not see the screen change (WCAG 4.1.3). Notices say themselves (notices.tsx). */
import { create } from "zustand";

/** So long more is waited for: what happens together is said together. */
const GATHER = 400;
/** Then it is off the page: who reads through it must not find what was true a while ago. */
const KEEP = 8000;

const useSaid = create(() => ({ text: "", n: 0 }));
const waiting = new Map<string, string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Of one matter only what was told last is said. */
export function announce(matter: string, text: string): void {
  waiting.delete(matter);
  waiting.set(matter, text);
  clearTimeout(timer);
  timer = setTimeout(say, GATHER);
}

function say(): void {
  useSaid.setState(({ n }) => ({ text: [...waiting.values()].join(" "), n: n + 1 }));
  waiting.clear();
  timer = setTimeout(() => useSaid.setState({ text: "" }), KEEP);
}

/** There from the start: what comes onto the page together with its text is not read out. */
export function Announcements() {
  const { text, n } = useSaid();
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {/* A paragraph of its own, so that the same is said again when it is so again. */}
      {text !== "" && <p key={n}>{text}</p>}
    </div>
  );
}
