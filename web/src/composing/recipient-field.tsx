/** The people of one field, each as a chip, and what is typed behind them. */
import { Combobox } from "@base-ui/react/combobox";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { AddressInput } from "../../../contract/addresses.ts";
import { suggestionsQuery } from "../searching/suggestions.ts";
import { isAddress, isSameAddress, parseAddresses, withoutRepeats, writeAddress } from "./address-list.ts";
import styles from "./composer.module.css";
import type { Recipients } from "./letter.ts";
import type { Writing } from "./writing.ts";

interface RecipientFieldProps {
  writing: Writing;
  name: "to" | "cc" | "bcc";
  /** It was just asked for: the keyboard goes there. */
  isNew?: boolean;
}

export function RecipientField({ writing, name, isNew = false }: RecipientFieldProps) {
  const { t } = useTranslation();
  const { chosen, typed } = useStore(writing.store, ({ letter }) => letter[name]);
  const id = useId();
  const chips = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const people = usePeople(typed, chosen);
  const set = (change: Partial<Recipients>) => writing.edit({ [name]: { chosen, typed, ...change } });
  /** What is typed becomes chips. */
  const take = (text = typed) => {
    const found = parseAddresses(text);
    if (found.length > 0 || text !== "") set({ chosen: withoutRepeats([...chosen, ...found]), typed: "" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const ends = event.key === "Enter" || event.key === "," || event.key === ";";
    if (event.key === "Escape" && isOpen && people.length > 0) {
      event.stopPropagation();
      setOpen(false);
      return;
    }
    // It chooses whom the list has marked.
    if (event.key === "Enter" && event.currentTarget.getAttribute("aria-activedescendant")) return;
    if (!ends || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey) return;
    // Within quotes a comma is part of a name.
    if (typed.trim() === "" || (event.key !== "Enter" && (typed.match(/"/g)?.length ?? 0) % 2 === 1)) return;
    event.preventDefault();
    take();
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[@]/.test(text)) return;
    event.preventDefault();
    take(typed + text);
  };
  return (
    <Combobox.Root
      multiple
      open={isOpen && people.length > 0}
      onOpenChange={setOpen}
      items={people}
      filter={null}
      value={chosen}
      inputValue={typed}
      isItemEqualToValue={isSameAddress}
      itemToStringLabel={writeAddress}
      onValueChange={(value: AddressInput[], details) => {
        // Escape is for the window, and takes no recipient away.
        if (details.reason === "escape-key") details.allowPropagation();
        else set({ chosen: value, ...(value.length > chosen.length ? { typed: "" } : {}) });
      }}
      onInputValueChange={(value, { reason }) => reason === "input-change" && set({ typed: value })}
    >
      <div className={styles.field}>
        <label htmlFor={id} className={styles.label}>
          {t(`composing.${name}`)}
        </label>
        <Combobox.Chips ref={chips} className={styles.chips}>
          {chosen.map((address) => (
            <Chip key={address.email} address={address} />
          ))}
          <Combobox.Input
            id={id}
            className={styles.input}
            autoFocus={isNew}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            onBlur={() => take()}
          />
        </Combobox.Chips>
      </div>
      <Combobox.Portal>
        <Combobox.Positioner anchor={chips} align="start" sideOffset={4} className={styles.positioner}>
          <Combobox.Popup className={styles.people}>
            <Combobox.List>
              {(person: AddressInput) => (
                <Combobox.Item key={person.email} value={person} className={styles.person}>
                  <span className={styles.personName}>{person.name || person.email}</span>
                  {person.name !== "" && <span className={styles.personAddress}>{person.email}</span>}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

/** Those of the mailbox who are meant, as far as it is typed. */
function usePeople(typed: string, chosen: readonly AddressInput[]): AddressInput[] {
  const [, text = ""] = /([^<",;]*)$/.exec(typed) ?? [];
  const q = useDeferredValue(text.trim());
  const { data } = useQuery({ ...suggestionsQuery(q), enabled: q !== "", placeholderData: keepPreviousData });
  return useMemo(() => {
    const people = q === "" ? [] : (data?.people ?? []);
    // There is nothing to complete any more.
    if (people.some((person) => isSameAddress(person, { email: q }))) return [];
    return people.filter((person) => !chosen.some((one) => isSameAddress(one, person))).slice(0, MOST);
  }, [q, data, chosen]);
}

const MOST = 8;

function Chip({ address }: { address: AddressInput }) {
  const { t } = useTranslation();
  const isGood = isAddress(address.email);
  const name = address.name || address.email;
  return (
    <Combobox.Chip
      className={styles.chip}
      data-bad={!isGood}
      title={isGood ? writeAddress(address) : t("composing.notAnAddress", { text: address.email })}
    >
      {name}
      {!isGood && <span className="visually-hidden"> {t("composing.notAnAddress", { text: "" })}</span>}
      <Combobox.ChipRemove className={styles.remove} aria-label={t("composing.remove", { name })}>
        <X aria-hidden />
      </Combobox.ChipRemove>
    </Combobox.Chip>
  );
}
