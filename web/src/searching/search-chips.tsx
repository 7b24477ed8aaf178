/** Above what was found: how much it is, what narrows it down with a click, and keeping the search by name. */
import { useQueryClient } from "@tanstack/react-query";
import { BookmarkPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { goTo } from "../app/address-bar.ts";
import { Button, IconButton } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { notify } from "../design/notices.tsx";
import { hasPart, togglePart } from "./query-parts.ts";
import styles from "./search-chips.module.css";

const CHIPS = [
  ["unread", "is:unread"],
  ["starred", "is:starred"],
  ["attachment", "has:attachment"],
  ["week", "newer_than:7d"],
  ["toMe", "in:inbox"],
] as const;

export function SearchChips({ q }: { q: string }) {
  const { t } = useTranslation();
  const [isNaming, setNaming] = useState(false);
  return (
    <fieldset className={styles.chips}>
      <legend className="visually-hidden">{t("search.narrow")}</legend>
      {CHIPS.map(([name, part]) => (
        <button
          key={name}
          type="button"
          className={styles.chip}
          aria-pressed={hasPart(q, part)}
          onClick={() => goTo({ screen: "search", q: togglePart(q, part), opened: null })}
        >
          {t(`search.chips.${name}`)}
        </button>
      ))}
      <IconButton label={t("search.save")} onClick={() => setNaming(true)}>
        <BookmarkPlus />
      </IconButton>
      {isNaming && <NameSearch q={q} onClose={() => setNaming(false)} />}
    </fieldset>
  );
}

function NameSearch({ q, onClose }: { q: string; onClose(): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    try {
      await call("POST", "/searches", { body: { name, query: q } });
      await client.invalidateQueries({ queryKey: keys.searches });
      await client.invalidateQueries({ queryKey: ["suggestions"] });
      onClose();
      notify(t("search.saved", { name }));
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), { kind: "failed" });
    }
  };
  return (
    <Dialog title={t("search.save")} onClose={onClose}>
      <form method="post" className={styles.name} onSubmit={(event) => void save(event)}>
        <label>
          {t("search.name")}
          <input name="name" required maxLength={100} autoComplete="off" />
        </label>
        <Button kind="main" type="submit">
          {t("search.save")}
        </Button>
      </form>
    </Dialog>
  );
}
