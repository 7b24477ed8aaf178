/** Who wrote a message to whom and when: on one line each, with all of it a click away. */
import { ChevronDown } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "../../../contract/addresses.ts";
import type { Message } from "../../../contract/messages.ts";
import { useSignedIn } from "../account/signed-in.ts";
import { longDate, regional, relativeDate, shortDate } from "../language/dates.ts";
import { shownName } from "../language/names.ts";
import { useNow } from "../language/use-now.ts";
import { shortName } from "../list/message-row.tsx";
import styles from "./message-head.module.css";
import { SenderPicture } from "./sender-picture.tsx";
import { TrustBadge, useTrustReason } from "./trust-badge.tsx";

/** With the address, which says more. */
export const fullName = ({ name, email }: Address): string => {
  const shown = shownName(name);
  return shown ? `${shown} <${email}>` : email;
};

export function MessageHead({ message, actions }: { message: Message; actions: ReactNode }) {
  const { t } = useTranslation();
  const [isWhole, setWhole] = useState(false);
  const facts = useId();
  const { from } = message;
  return (
    <header className={styles.head}>
      <SenderPicture sender={from} />
      <div className={styles.who}>
        <p className={styles.from}>
          <bdi>
            <strong className={styles.name}>{shortName(from) || t("app.noSender")}</strong>
          </bdi>{" "}
          {from && shortName(from) !== from.email && (
            <span dir="ltr" className={styles.address}>
              {from.email}
            </span>
          )}{" "}
          <TrustBadge authentication={message.authentication} />
        </p>
        <button
          type="button"
          className={styles.recipients}
          aria-expanded={isWhole}
          aria-controls={facts}
          onClick={() => setWhole(!isWhole)}
        >
          <span className={styles.names}>{useRecipients(message)}</span>
          <ChevronDown aria-hidden />
          <span className="visually-hidden">{t("reading.details")}</span>
        </button>
      </div>
      <ReceivedAt date={new Date(message.received_at)} />
      {actions}
      <div id={facts} className={styles.whole} hidden={!isWhole}>
        {isWhole && <Facts message={message} />}
      </div>
    </header>
  );
}

/** "To me, Bob and 3 others". */
function useRecipients({ to, cc, bcc, delivered_to }: Message): string {
  const { t, i18n } = useTranslation();
  const own = useSignedIn(({ address }) => address);
  const all = [...to, ...cc, ...bcc];
  if (all.length === 0) return t("reading.toNobody");
  const isOwn = (email: string) => email === own || delivered_to.includes(email);
  const names = all.map((address) => (isOwn(address.email) ? t("reading.me") : shortName(address)));
  const shown = names.slice(0, names.length > 4 ? 3 : 4);
  const others = names.length - shown.length;
  const list = new Intl.ListFormat(regional(i18n.language), { type: "conjunction" });
  return t("reading.to", {
    names: list.format(others > 0 ? [...shown, t("reading.others", { count: others })] : shown),
  });
}

function ReceivedAt({ date }: { date: Date }) {
  const { i18n } = useTranslation();
  const minute = useNow();
  // What came since the minute began came now, and not in a while.
  const now = minute > date ? minute : date;
  return (
    <time dateTime={date.toISOString()} title={longDate(date, i18n.language)} className={styles.date}>
      <span className={styles.short}>{shortDate(date, now, i18n.language)}</span>{" "}
      <span className={styles.ago}>{relativeDate(date, now, i18n.language)}</span>
      <span className={styles.exact}>{longDate(date, i18n.language)}</span>
    </time>
  );
}

function Facts({ message }: { message: Message }) {
  const { t, i18n } = useTranslation();
  const { from, to, cc, bcc, reply_to, sent_at, received_at, delivered_to, return_path, authentication } = message;
  const names = (addresses: Address[]) => addresses.map(fullName).join(", ");
  const date = (text: string | null) => (text === null ? "" : longDate(new Date(text), i18n.language));
  const isReceived = delivered_to.length > 0;
  const facts = [
    [t("reading.fields.from"), from ? fullName(from) : ""],
    [t("reading.fields.replyTo"), names(reply_to)],
    [t("reading.fields.to"), names(to)],
    [t("reading.fields.cc"), names(cc)],
    [t("reading.fields.bcc"), names(bcc)],
    [t("reading.fields.sent"), date(sent_at)],
    [t("reading.fields.received"), isReceived ? date(received_at) : ""],
    [t("reading.fields.deliveredTo"), delivered_to.join(", ")],
    [t("reading.fields.returnPath"), isReceived ? return_path : ""],
    [t("reading.fields.senderCheck"), useTrustReason(authentication)],
    [t("reading.fields.signedBy"), authentication === null ? "" : signers(authentication)],
  ] as const;
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value !== "" && (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** The domains whose signature is right, and the one whose server it came from. */
function signers({ dkim, spf }: NonNullable<Message["authentication"]>): string {
  const signed = dkim.filter(({ result }) => result === "pass").map(({ domain }) => `${domain} (DKIM)`);
  return [...signed, ...(spf.result === "pass" ? [`${spf.domain} (SPF)`] : [])].join(", ");
}
