import { useQuery } from "@tanstack/react-query";
import { type FormEvent, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { addressOf } from "../app/place.ts";
import { Button } from "../design/button.tsx";
import { Field } from "../design/field.tsx";
import form from "../design/form.module.css";
import styles from "./admin.module.css";
import { domainsQuery } from "./queries.ts";

const Domain = lazy(() => import("./domain.tsx"));

export default function Domains({ item }: { item: string | undefined }) {
  return item === undefined ? <DomainTable /> : <Domain key={item} name={item} />;
}

function DomainTable() {
  const { t } = useTranslation();
  const { data: domains, error } = useQuery(domainsQuery);
  const { isBusy, attempt } = useAttempt();
  const [name, setName] = useState("");
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const added = await attempt(async () => {
      await call("POST", "/admin/domains", { body: { name: name.trim() } });
      await queryClient.invalidateQueries({ queryKey: domainsQuery.queryKey });
    });
    if (added) setName("");
  };
  return (
    <div className={form.form}>
      <header className={styles.title}>
        <h2>{t("admin.sections.domains")}</h2>
      </header>
      {error && <p role="alert">{error.message}</p>}
      <ul className={form.rows}>
        {domains?.map((domain) => (
          <li key={domain.name} className={form.row}>
            <div className={form.main}>
              <Link
                href={addressOf({ screen: "admin", section: "domains", item: domain.name })}
                className={styles.name}
              >
                {domain.display_name}
              </Link>
              {domain.display_name !== domain.name && <span className={form.more}> {domain.name}</span>}
            </div>
            <span className={form.more}>{t("admin.accounts.count", { count: domain.accounts })}</span>
            <span className={form.more}>{t("admin.aliases.count", { count: domain.aliases })}</span>
          </li>
        ))}
      </ul>
      <form method="post" className={`${form.inline} ${form.box}`} onSubmit={(event) => void add(event)}>
        <Field label={t("admin.domains.name")}>
          {(control) => <input {...control} required value={name} onChange={({ target }) => setName(target.value)} />}
        </Field>
        <Button kind="main" type="submit" disabled={isBusy}>
          {t("admin.domains.add")}
        </Button>
      </form>
    </div>
  );
}
