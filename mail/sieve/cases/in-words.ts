/** Actions as the cases write them. */
import type { Action } from "../run-script.ts";

export function inWords(action: Action): string {
  switch (action.action) {
    case "keep":
      return ["keep", ...action.flags].join(" ");
    case "fileinto":
      return [`fileinto ${action.folder}`, ...action.flags].join(" ");
    case "redirect":
      return `redirect ${action.address}`;
    case "reject":
      return `reject ${action.reason}`;
    case "discard":
      return "discard";
    case "vacation": {
      const { days, subject, reason } = action;
      return `vacation ${days === null ? "" : `${days}d `}${subject === null ? "" : `"${subject}" `}${reason}`;
    }
  }
}
