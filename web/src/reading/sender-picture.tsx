import type { Address } from "../../../contract/addresses.ts";
import { hueOf, initialsOf } from "./initials.ts";
import styles from "./sender-picture.module.css";

/** The sender's initials, in a colour that is the same wherever the address is seen. Says nothing that is not beside it. */
export function SenderPicture({ sender, isSmall = false }: { sender: Address | null; isSmall?: boolean }) {
  return (
    <span
      aria-hidden
      className={`${styles.picture} ${isSmall ? styles.small : ""}`}
      style={{ "--hue": hueOf(sender?.email ?? "") }}
    >
      {initialsOf(sender)}
    </span>
  );
}
