/** What DNS says of a domain beside what it should say, every record to copy, and the keys that sign. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { z } from "zod";
import type { DkimKeyList, DnsCheck, DnsFinding, DnsPurpose, DnsRecord, DnsRecords } from "../../../contract/dns.ts";
import { useAttempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { AskFirst } from "../design/ask-first.tsx";
import { Button } from "../design/button.tsx";
import { CopyButton } from "../design/copy-button.tsx";
import form from "../design/form.module.css";
import { relativeDate } from "../language/dates.ts";
import styles from "./admin.module.css";
import { dnsCheckQuery, dnsQuery, domainPath } from "./queries.ts";

export function DomainDns({ domain }: { domain: string }) {
  const { t } = useTranslation();
  const { data: dns } = useQuery(dnsQuery(domain));
  const { data: check, error, isFetching, refetch } = useQuery(dnsCheckQuery(domain));
  return (
    <section className={form.part} aria-labelledby="dns">
      <header className={styles.title}>
        <h3 id="dns">{t("admin.dns.label")}</h3>
        <Button onClick={() => void refetch()} disabled={isFetching}>
          {t("admin.dns.again")}
        </Button>
      </header>
      <p role="status" className={check?.is_healthy === false ? form.note : form.intro}>
        {said()}
      </p>
      {dns && PURPOSES.map((purpose) => <Purpose key={purpose} purpose={purpose} dns={dns} check={check} />)}
      <Keys domain={domain} />
    </section>
  );

  function said(): string {
    if (isFetching) return t("admin.dns.looking");
    if (error) return error.message;
    return check?.is_healthy ? t("admin.dns.healthy") : t("admin.dns.unhealthy");
  }
}

const PURPOSES = ["mail_in", "spf", "dkim", "dmarc", "mta_sts", "tls_rpt"] as const satisfies DnsPurpose[];

function Purpose({ purpose, dns, check }: { purpose: DnsPurpose; dns: DnsRecords; check: DnsCheck | undefined }) {
  const { t } = useTranslation();
  const records = dns.records.filter((record) => record.purpose === purpose);
  const findings = check?.sections.find((section) => section.purpose === purpose)?.findings;
  const state = findings && stateOf(findings);
  return (
    <div className={styles.purpose}>
      <h4>
        {t(`admin.dns.purposes.${purpose}`)}
        {state !== undefined && (
          <span className={`${form.badge} ${BADGES[state] ?? ""}`}>{t(`admin.dns.${state}`)}</span>
        )}
      </h4>
      <ul>
        {findings
          ?.filter(({ level }) => level !== "right")
          .map(({ level, what, todo }) => (
            <li key={what} className={`${styles.finding} ${level === "wrong" ? styles.wrong : ""}`}>
              {what}
              {todo !== undefined && <strong> → {todo}</strong>}
            </li>
          ))}
      </ul>
      {records.map((record) => (
        <div key={`${record.name} ${record.value}`} className={`${styles.record} ${form.code}`}>
          <span className={styles.type}>{record.type}</span>
          <span dir="ltr">{record.name}</span>
          <CopyButton text={record.name} label={t("app.copyOne", { name: record.name })} />
          <span />
          <span dir="ltr">{textOf(record)}</span>
          <CopyButton text={textOf(record)} label={t("admin.dns.copyValue", { name: record.name })} />
        </div>
      ))}
    </div>
  );
}

const BADGES = { set: form.good, missing: form.bad, advised: undefined };

function stateOf(findings: DnsFinding[]): keyof typeof BADGES {
  if (findings.some(({ level }) => level === "wrong" || level === "unknown")) return "missing";
  return findings.some(({ level }) => level === "right") ? "set" : "advised";
}

const textOf = ({ priority, value }: DnsRecord): string => (priority === undefined ? value : `${priority} ${value}`);

function Keys({ domain }: { domain: string }) {
  const { t, i18n } = useTranslation();
  const { attempt } = useAttempt();
  const [rotated, setRotated] = useState<z.infer<typeof DkimKeyList> | null>(null);
  const rotate = () =>
    attempt(async () => {
      setRotated(await call<z.infer<typeof DkimKeyList>>("POST", `${domainPath(domain)}/dkim/rotate`, { body: {} }));
      await queryClient.invalidateQueries({ queryKey: dnsQuery(domain).queryKey });
    }, t("admin.dns.rotated"));
  return (
    <div className={form.form}>
      <div>
        <AskFirst
          label={t("admin.dns.rotate")}
          question={t("admin.dns.rotateQuestion")}
          confirm={t("admin.dns.rotate")}
          onConfirm={() => void rotate()}
        />
      </div>
      {rotated !== null && (
        <ul className={form.rows} aria-label={t("admin.dns.keys")}>
          {rotated.keys.map(({ selector, algorithm, state, active_from }) => (
            <li key={selector} className={form.row}>
              <span className={`${form.main} ${form.code}`}>
                {selector} {algorithm}
              </span>
              <span className={form.more}>
                {t(`admin.dns.states.${state}`)}
                {state === "waiting" && ` (${relativeDate(new Date(active_from), new Date(), i18n.language)})`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
