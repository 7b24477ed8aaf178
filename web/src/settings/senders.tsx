/** Senders that are treated alike whatever they write, and addresses that nothing is sent to without asking. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { attempt, useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { Button, IconButton } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { type SenderList, sendersQuery, suppressionsQuery } from "./queries.ts";

export default function Senders() {
  const { t } = useTranslation();
  return (
    <>
      <Treated
        list="blocked-senders"
        heading={t("settings.senders.blocked")}
        intro={t("settings.senders.blockedIntro")}
      />
      <Treated
        list="never-junk-senders"
        heading={t("settings.senders.neverJunk")}
        intro={t("settings.senders.neverJunkIntro")}
      />
      <Treated list="image-senders" heading={t("settings.senders.images")} intro={t("settings.senders.imagesIntro")} />
      <Suppressed />
    </>
  );
}

function Treated({ list, heading, intro }: { list: SenderList; heading: string; intro: string }) {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery(sendersQuery(list));
  const { isBusy, attempt: tryTo } = useAttempt();
  const [typed, setTyped] = useState("");
  const refresh = () => queryClient.invalidateQueries({ queryKey: [list] });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const added = await tryTo(async () => {
      await call("POST", `/${list}`, { body: { sender: typed.trim() } });
      await refresh();
    });
    if (added) setTyped("");
  };
  const remove = (sender: string) =>
    attempt(async () => {
      await call("DELETE", `/${list}/${encodeURIComponent(sender)}`);
      await refresh();
    });
  const senders = data?.pages.flatMap((page) => page.senders) ?? [];
  return (
    <section className={form.part} aria-labelledby={list}>
      <h3 id={list}>{heading}</h3>
      <p className={form.intro}>{intro}</p>
      <form method="post" className={form.inline} onSubmit={(event) => void add(event)}>
        <Field label={t("settings.senders.add")}>
          {(control) => (
            <input
              {...control}
              required
              placeholder="ana@river.example, @river.example"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={isBusy}>
          {t("app.add")}
        </Button>
      </form>
      {senders.length > 0 && (
        <ul className={form.rows}>
          {senders.map(({ sender }) => (
            <li key={sender} className={form.row}>
              <span className={form.main}>{sender}</span>
              <IconButton label={t("app.removeOne", { name: sender })} onClick={() => void remove(sender)}>
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{t("app.more")}</Button>}
    </section>
  );
}

/** Nobody is put here by hand: bounces, complaints and requests to unsubscribe do it. */
function Suppressed() {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery(suppressionsQuery);
  const remove = (email: string) =>
    attempt(async () => {
      await call("DELETE", `/suppressions/${encodeURIComponent(email)}`);
      await queryClient.invalidateQueries({ queryKey: suppressionsQuery.queryKey });
    });
  const suppressions = data?.pages.flatMap((page) => page.suppressions) ?? [];
  return (
    <section className={form.part} aria-labelledby="suppressed">
      <h3 id="suppressed">{t("settings.senders.suppressed")}</h3>
      <p className={form.intro}>{t("settings.senders.suppressedIntro")}</p>
      {suppressions.length === 0 ? (
        <p className={form.empty}>{t("settings.senders.noneSuppressed")}</p>
      ) : (
        <ul className={form.rows}>
          {suppressions.map(({ email, reason, detail }) => (
            <li key={email} className={form.row}>
              <div className={form.main}>
                {email}
                <p className={form.more}>
                  {t(`settings.senders.why.${reason}`)} {detail}
                </p>
              </div>
              <IconButton label={t("app.removeOne", { name: email })} onClick={() => void remove(email)}>
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>{t("app.more")}</Button>}
    </section>
  );
}
