import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import { domainPath, relayQuery } from "./queries.ts";

/** Which way the domain's mail leaves. Its password is written and never shown. */
export function Relay({ domain }: { domain: string }) {
  const { t } = useTranslation();
  const { data: relay } = useQuery(relayQuery(domain));
  const { isBusy, attempt } = useAttempt();
  const [url, setUrl] = useState("");
  const set = async (to: string | null) => {
    const saved = await attempt(async () => {
      const now = await call<{ url: string | null }>("PUT", `${domainPath(domain)}/relay`, { body: { url: to } });
      queryClient.setQueryData(relayQuery(domain).queryKey, now);
    }, t("app.saved"));
    if (saved) setUrl("");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void set(url.trim());
  };
  return (
    <section className={form.part} aria-labelledby="relay">
      <h3 id="relay">{t("admin.relay.label")}</h3>
      <p className={form.intro}>
        {relay?.url ? t("admin.relay.own", { url: relay.url }) : t("admin.relay.deployments")}
      </p>
      <form method="post" className={form.inline} onSubmit={submit}>
        <Field label={t("admin.relay.url")} hint={t("admin.relay.hint")}>
          {(control) => (
            <input
              {...control}
              required
              autoComplete="off"
              spellCheck={false}
              placeholder="smtp://user:password@relay.example:587"
              value={url}
              onChange={({ target }) => setUrl(target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={isBusy}>
          {t("app.save")}
        </Button>
      </form>
      {relay?.url && (
        <div>
          <Button onClick={() => void set(null)}>{t("admin.relay.takeDeployments")}</Button>
        </div>
      )}
    </section>
  );
}
