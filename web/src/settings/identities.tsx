/** Who the owner writes as: addresses, each with its name, its answers' address and its signature. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Identity } from "../../../contract/identities.ts";
import { attempt, useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { identitiesQuery } from "../composing/queries.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { addressesOf, lineOf } from "./addresses.ts";
import { htmlOf, signatureUpdate } from "./signature.ts";

const refresh = () => queryClient.invalidateQueries({ queryKey: identitiesQuery.queryKey });

export default function Identities() {
  const { t } = useTranslation();
  const { data: identities } = useQuery(identitiesQuery);
  const [open, setOpen] = useState<string | null>(null);
  if (identities === undefined) return null;
  return (
    <div className={form.form}>
      <p className={form.intro}>{t("settings.identities.intro")}</p>
      <ul className={form.rows}>
        {identities.map((identity) =>
          open === identity.id ? (
            <li key={identity.id} className={form.row}>
              <IdentityForm identity={identity} onDone={() => setOpen(null)} />
            </li>
          ) : (
            <IdentityRow key={identity.id} identity={identity} onEdit={() => setOpen(identity.id)} />
          ),
        )}
      </ul>
      {open === "new" ? (
        <IdentityForm identity={null} onDone={() => setOpen(null)} />
      ) : (
        <div>
          <Button onClick={() => setOpen("new")}>{t("settings.identities.new")}</Button>
        </div>
      )}
    </div>
  );
}

function IdentityRow({ identity, onEdit }: { identity: Identity; onEdit(): void }) {
  const { t } = useTranslation();
  const { id, name, email, text_signature, is_default, may_delete } = identity;
  const makeDefault = () =>
    attempt(async () => {
      await call("PATCH", `/identities/${id}`, { body: { is_default: true } });
      await refresh();
    });
  const remove = () =>
    attempt(async () => {
      await call("DELETE", `/identities/${id}`);
      await refresh();
    }, t("app.deleted"));
  return (
    <li className={form.row}>
      <div className={form.main}>
        <strong>{name === "" ? email : name}</strong>
        {is_default && <span className={form.badge}>{t("settings.identities.default")}</span>}
        <p className={form.more}>
          {[name === "" ? "" : email, text_signature.split("\n")[0]].filter(Boolean).join(" · ")}
        </p>
      </div>
      {!is_default && (
        <Button kind="quiet" onClick={() => void makeDefault()}>
          {t("settings.identities.makeDefault")}
        </Button>
      )}
      <Button onClick={onEdit} aria-label={t("app.editOne", { name: email })}>
        {t("app.edit")}
      </Button>
      {may_delete && (
        <AskFirst
          label={t("app.delete")}
          question={t("settings.identities.deleteQuestion", { email })}
          confirm={t("app.delete")}
          onConfirm={() => void remove()}
        />
      )}
    </li>
  );
}

function IdentityForm({ identity, onDone }: { identity: Identity | null; onDone(): void }) {
  const { t } = useTranslation();
  const { isBusy, attempt } = useAttempt();
  const [draft, setDraft] = useState({
    email: identity?.email ?? "",
    name: identity?.name ?? "",
    reply_to: lineOf(identity?.reply_to ?? []),
    bcc: lineOf(identity?.bcc ?? []),
    signature: identity?.text_signature ?? "",
  });
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const { email, name, signature } = draft;
    const common = {
      name: name.trim(),
      reply_to: addressesOf(draft.reply_to, identity?.reply_to),
      bcc: addressesOf(draft.bcc, identity?.bcc),
    };
    const saved = await attempt(async () => {
      if (identity === null) {
        const body = { ...common, email, text_signature: signature, html_signature: htmlOf(signature) };
        await call("POST", "/identities", { body });
      } else {
        await call("PATCH", `/identities/${identity.id}`, {
          body: { ...common, ...signatureUpdate(identity, signature) },
        });
      }
      await refresh();
    }, t("app.saved"));
    if (saved) onDone();
  };
  return (
    <form method="post" className={`${form.form} ${form.box} ${form.main}`} onSubmit={(event) => void save(event)}>
      {identity === null && (
        <Field label={t("settings.identities.email")} hint={t("settings.identities.emailHint")}>
          {(control) => (
            <input {...control} required value={draft.email} onChange={({ target }) => set({ email: target.value })} />
          )}
        </Field>
      )}
      <Field label={t("settings.identities.name")} hint={t("settings.identities.nameHint")}>
        {(control) => (
          <input
            {...control}
            maxLength={200}
            value={draft.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <Field label={t("settings.identities.signature")} hint={t("settings.identities.signatureHint")}>
        {(control) => (
          <textarea
            {...control}
            rows={4}
            value={draft.signature}
            onChange={({ target }) => set({ signature: target.value })}
          />
        )}
      </Field>
      <div className={form.pair}>
        <Field label={t("settings.identities.replyTo")}>
          {(control) => (
            <input {...control} value={draft.reply_to} onChange={({ target }) => set({ reply_to: target.value })} />
          )}
        </Field>
        <Field label={t("settings.identities.bcc")}>
          {(control) => <input {...control} value={draft.bcc} onChange={({ target }) => set({ bcc: target.value })} />}
        </Field>
      </div>
      <div className={form.buttons}>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("app.save")}
        </Button>
        <Button onClick={onDone}>{t("app.cancel")}</Button>
      </div>
    </form>
  );
}
