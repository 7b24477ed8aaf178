import { useQuery } from "@tanstack/react-query";
import { CalendarX, CircleCheck, CircleHelp, CircleX, MapPin, Repeat, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/call.ts";
import { type CalendarEvent, eventIn, type Guest } from "./calendar-event.ts";
import styles from "./invitation.module.css";
import { attachmentPath } from "./kinds.ts";
import { leafOf, whenOf } from "./when.ts";

/** So many are named; of more, how many there are. */
const MOST_GUESTS = 12;

/** What cannot be read is an attachment still, and nothing is said of it here. */
export default function Invitation({ id, n }: { id: string; n: number }) {
  const { data: event } = useQuery({
    queryKey: ["invitation", id, n],
    queryFn: async ({ signal }) => eventIn(await (await ask("GET", attachmentPath(id, n), { signal })).text()),
  });
  return event ? <Card event={event} /> : null;
}

function Card({ event }: { event: CalendarEvent }) {
  const { t, i18n } = useTranslation();
  const { summary, location, organizer, guests, method, start, isRepeated } = event;
  const leaf = start && leafOf(start, i18n.language);
  return (
    <section className={styles.card} aria-label={t("reading.invitation.label")}>
      <p className={styles.day} aria-hidden>
        <span>{leaf?.month}</span>
        <strong>{leaf?.day}</strong>
        <span>{leaf?.weekday}</span>
      </p>
      <div className={styles.what}>
        <p className={styles.kind}>
          {method === "CANCEL" && <CalendarX aria-hidden />}
          {t(`reading.invitation.${method}`)}
        </p>
        <h3 className={method === "CANCEL" ? styles.cancelled : styles.summary}>
          {summary || t("reading.invitation.untitled")}
        </h3>
        {start && <p>{whenOf(event, i18n.language)}</p>}
        {isRepeated && (
          <p className={styles.line}>
            <Repeat aria-hidden />
            {t("reading.invitation.repeats")}
          </p>
        )}
        {location !== "" && (
          <p className={styles.line}>
            <MapPin aria-hidden />
            {location}
          </p>
        )}
        {organizer && <p className={styles.line}>{t("reading.invitation.organizer", { name: organizer })}</p>}
        {guests.length > 0 && (
          <ul className={styles.guests} aria-label={t("reading.invitation.guests")}>
            <Users aria-hidden />
            {guests.slice(0, MOST_GUESTS).map((guest) => (
              <GuestName key={guest.email} guest={guest} />
            ))}
            {guests.length > MOST_GUESTS && <li>{t("reading.others", { count: guests.length - MOST_GUESTS })}</li>}
          </ul>
        )}
      </div>
    </section>
  );
}

const ANSWERS = { accepted: CircleCheck, declined: CircleX, tentative: CircleHelp, none: null };

function GuestName({ guest: { name, email, answer } }: { guest: Guest }) {
  const { t } = useTranslation();
  const Icon = ANSWERS[answer];
  return (
    <li className={styles.guest}>
      {Icon && <Icon role="img" aria-label={t(`reading.invitation.${answer}`)} />}
      {name || email}
    </li>
  );
}
