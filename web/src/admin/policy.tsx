import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AttachmentDanger } from "../../../contract/attachment-scan.ts";
import type { DomainPolicy, SetDomainPolicy } from "../../../contract/domain-policy.ts";
import { attempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { Check } from "../design/field.tsx";
import form from "../design/form.module.css";
import { domainPath, policyQuery } from "./queries.ts";

const DANGERS = [
  ...(["virus", "program", "script", "macros", "encrypted_archive", "unreadable_archive"] as const),
  ...(["double_extension", "disguised_name", "type_differs"] as const),
] satisfies AttachmentDanger[];

/** What the domain takes from strangers. Each change is saved as it is made. */
export function Policy({ domain }: { domain: string }) {
  const { t } = useTranslation();
  const { data: policy } = useQuery(policyQuery(domain));
  if (policy === undefined) return null;
  const { refused_attachments, dmarc_reject } = policy;
  /** Shown at once, and as it was where it is refused. */
  const change = async (body: SetDomainPolicy) => {
    queryClient.setQueryData(policyQuery(domain).queryKey, { ...policy, ...body } as DomainPolicy);
    const changed = await attempt(async () => {
      const now = await call<DomainPolicy>("PATCH", `${domainPath(domain)}/policy`, { body });
      queryClient.setQueryData(policyQuery(domain).queryKey, now);
    }, t("app.saved"));
    if (!changed) queryClient.setQueryData(policyQuery(domain).queryKey, policy);
  };
  return (
    <section className={form.part} aria-labelledby="policy">
      <h3 id="policy">{t("admin.policy.label")}</h3>
      <Check
        label={t("admin.policy.dmarc")}
        checked={dmarc_reject === "obey"}
        onChange={(isOn) => void change({ dmarc_reject: isOn ? "obey" : "mark" })}
      />
      <p className={form.intro}>{t("admin.policy.attachments")}</p>
      <div className={form.pair}>
        {DANGERS.map((danger) => (
          <Check
            key={danger}
            label={t(`admin.policy.dangers.${danger}`)}
            checked={refused_attachments.includes(danger)}
            onChange={(isOn) => {
              const others = refused_attachments.filter((one) => one !== danger);
              void change({ refused_attachments: isOn ? [...others, danger] : others });
            }}
          />
        ))}
      </div>
    </section>
  );
}
