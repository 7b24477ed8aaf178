/** Where a search is typed: what it offers can be taken with the arrow keys, Enter searches for what stands there. */
import { Autocomplete } from "@base-ui/react/autocomplete";
import { useQuery } from "@tanstack/react-query";
import { Clock, Mail, Search, SlidersHorizontal } from "lucide-react";
import { lazy, useDeferredValue, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { goTo, useListPlace } from "../app/address-bar.ts";
import { INBOX } from "../app/place.ts";
import { IconButton } from "../design/button.tsx";
import { Part } from "../design/part.tsx";
import { Marked } from "../list/marked.tsx";
import { shortName } from "../list/message-row.tsx";
import { keyboardToFound } from "./keyboard-to-found.ts";
import styles from "./search-box.module.css";
import { asTypedQuery, type Suggestion, suggestedFor, suggestionsOf, suggestionsQuery } from "./suggestions.ts";

const AdvancedForm = lazy(() => import("./advanced-form.tsx"));
const queryOf = (item: Suggestion): string => ("query" in item ? item.query : "");
const NOTHING = { people: [], folders: [], searches: [] };

export function SearchBox() {
  const { t } = useTranslation();
  const place = useListPlace();
  const asked = place?.screen === "search" ? place.q : "";
  const [typed, setTyped] = useState(asked);
  const [isOpen, setOpen] = useState(false);
  const [round, setRound] = useState(0);
  const [isAdvanced, setAdvanced] = useState(false);
  useEffect(() => setTyped(asked), [asked]);

  // Only what is being typed in an open box is asked about, and not each letter of a quick typist.
  const deferred = useDeferredValue(typed);
  const suggested = useQuery({
    ...suggestionsQuery(suggestedFor(deferred)),
    enabled: isOpen,
    placeholderData: (last) => last,
  });
  const found = useQuery({
    ...asTypedQuery(deferred),
    enabled: isOpen && deferred.trim() !== "",
    placeholderData: (last) => last,
  });
  const messages = deferred.trim() === "" ? undefined : found.data?.messages;
  const items = useMemo(
    () => suggestionsOf(deferred, suggested.data ?? NOTHING, messages ?? []),
    [deferred, suggested.data, messages],
  );

  const search = (query: string) => {
    setOpen(false);
    const q = query.trim();
    goTo(q === "" ? INBOX : { screen: "search", q, opened: null });
  };
  const take = (suggestion: Suggestion) => {
    if (suggestion.kind === "part") setTyped(suggestion.query);
    else if (suggestion.kind === "search") search(suggestion.query);
    else {
      setOpen(false);
      goTo({ screen: "search", q: typed.trim(), opened: { kind: "message", id: suggestion.message.id } });
    }
  };

  return (
    <search className={styles.search}>
      <div className={styles.form}>
        <Search aria-hidden className={styles.icon} />
        <Autocomplete.Root
          key={round}
          items={items}
          mode="none"
          value={typed}
          open={isOpen && items.length > 0}
          onOpenChange={(open) => setOpen(open)}
          onValueChange={(value, { reason }) => {
            // An item that was taken says itself what becomes of the query.
            if (reason === "item-press") return;
            setTyped(value);
            setOpen(true);
          }}
          itemToStringValue={queryOf}
          openOnInputClick
        >
          <Autocomplete.Input
            id="search"
            type="search"
            dir="auto"
            className={styles.field}
            aria-label={t("search.label")}
            placeholder={t("search.placeholder")}
            // Its handlers hold on to those of before, and with them to every list that was shown: left, it begins anew.
            onBlur={() => !isOpen && setRound((n) => n + 1)}
            onKeyDown={(event) => {
              // Of what the arrows have reached, the press is the list's.
              const isOnItem = event.currentTarget.getAttribute("aria-activedescendant") !== null;
              if (event.key !== "Enter" || isOnItem) return;
              search(event.currentTarget.value);
              keyboardToFound(event.currentTarget, event.currentTarget.value.trim());
            }}
          />
          <Autocomplete.Portal>
            <Autocomplete.Positioner className={styles.positioner} sideOffset={4}>
              <Autocomplete.Popup className={styles.popup}>
                <Autocomplete.List>
                  {(item: Suggestion) => (
                    <Autocomplete.Item key={item.key} value={item} className={styles.item} onClick={() => take(item)}>
                      <SuggestionLine suggestion={item} />
                    </Autocomplete.Item>
                  )}
                </Autocomplete.List>
              </Autocomplete.Popup>
            </Autocomplete.Positioner>
          </Autocomplete.Portal>
        </Autocomplete.Root>
        <span className={styles.advanced}>
          <IconButton label={t("search.advanced")} aria-expanded={isAdvanced} onClick={() => setAdvanced(true)}>
            <SlidersHorizontal />
          </IconButton>
        </span>
      </div>
      {isAdvanced && (
        <Part>
          <AdvancedForm asked={typed} onClose={() => setAdvanced(false)} onSearch={search} />
        </Part>
      )}
    </search>
  );
}

function SuggestionLine({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation();
  if (suggestion.kind === "message") {
    const { from, subject, snippet } = suggestion.message;
    return (
      <>
        <Mail aria-hidden />
        <span className={styles.label}>
          <bdi>{snippet ? <Marked {...snippet.subject} /> : subject || t("app.noSubject")}</bdi>
          <span className={styles.hint}>
            {" "}
            <bdi>{shortName(from)}</bdi>
          </span>
        </span>
      </>
    );
  }
  const Icon = suggestion.kind === "search" ? Clock : Search;
  return (
    <>
      <Icon aria-hidden />
      <span className={styles.label}>
        <bdi>{suggestion.label}</bdi>
      </span>
      {suggestion.kind === "part" && <span className={styles.hint}>{suggestion.hint}</span>}
    </>
  );
}
