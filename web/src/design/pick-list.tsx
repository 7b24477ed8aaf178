/** One of many, found by typing: arrow keys walk through what is found, Enter takes it. */
import { Autocomplete } from "@base-ui/react/autocomplete";
import type { ReactNode } from "react";
import styles from "./pick-list.module.css";

export interface Pick {
  key: string;
  label: string;
  icon?: ReactNode;
  /** Such as a key, or where it is. */
  hint?: string | undefined;
  /** What it is found by as well. */
  also?: string | undefined;
  choose(): void;
}

interface PickListProps {
  label: string;
  picks: readonly Pick[];
  /** Shown where nothing is found. */
  nothing: string;
  /** What can be made of what was typed, where that is no name of any of them. */
  make?: (typed: string) => Pick;
  typed: string;
  onType(typed: string): void;
}

export function PickList({ label, picks, nothing, make, typed, onType }: PickListProps) {
  const wanted = typed.trim().toLocaleLowerCase();
  const found = picks.filter(({ label, also = "" }) => `${label} ${also}`.toLocaleLowerCase().includes(wanted));
  const isNew = make !== undefined && wanted !== "" && !picks.some((pick) => pick.label.toLocaleLowerCase() === wanted);
  const items = isNew ? [...found, make(typed.trim())] : found;
  return (
    <Autocomplete.Root
      open
      inline
      items={items}
      mode="none"
      value={typed}
      onValueChange={(value, { reason }) => reason !== "item-press" && onType(value)}
      itemToStringValue={(pick: Pick) => pick.label}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input data-first className={styles.field} aria-label={label} placeholder={label} />
      {items.length === 0 && <p className={styles.nothing}>{nothing}</p>}
      <Autocomplete.List className={styles.list}>
        {(pick: Pick) => (
          <Autocomplete.Item key={pick.key} value={pick} className={styles.item} onClick={() => pick.choose()}>
            <span className={styles.icon} aria-hidden>
              {pick.icon}
            </span>
            <span className={styles.label}>{pick.label}</span>
            {pick.hint !== undefined && <span className={styles.hint}>{pick.hint}</span>}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
