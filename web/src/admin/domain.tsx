/** One domain: who is on it, what leads to them, what DNS says of it, which way its mail leaves, what it takes. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { addressOf } from "../app/place.ts";
import { Accounts } from "./accounts.tsx";
import styles from "./admin.module.css";
import { DomainAliases } from "./domain-aliases.tsx";
import { DomainDns } from "./domain-dns.tsx";
import { Policy } from "./policy.tsx";
import { domainQuery } from "./queries.ts";
import { Relay } from "./relay.tsx";

export default function Domain({ name }: { name: string }) {
  const { t } = useTranslation();
  const { data: domain, error } = useQuery(domainQuery(name));
  return (
    <>
      <header className={styles.title}>
        <h2>{domain?.display_name ?? name}</h2>
        <Link href={addressOf({ screen: "admin", section: "domains" })}>{t("admin.domains.all")}</Link>
      </header>
      {error && <p role="alert">{error.message}</p>}
      {domain && (
        <>
          <Accounts domain={domain.name} accounts={domain.account_list} />
          <DomainAliases domain={domain.name} aliases={domain.alias_list} />
          <DomainDns domain={domain.name} />
          <Relay domain={domain.name} />
          <Policy domain={domain.name} />
        </>
      )}
    </>
  );
}
