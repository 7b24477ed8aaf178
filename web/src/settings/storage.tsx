/** What takes up room: a picture by year, by folder and by type of attachment, and the same in numbers. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Quota } from "../../../contract/quota.ts";
import { call } from "../api/call.ts";
import { useFolderName } from "../folders/use-folder-name.ts";
import { sizeInWords } from "../language/sizes.ts";
import { type Kind, kindOf } from "../reading/kinds.ts";
import { SendingToday } from "./sending-today.tsx";
import styles from "./storage.module.css";

interface Share {
  name: string;
  size: number;
}

export function Storage() {
  const { t, i18n } = useTranslation();
  const nameOf = useFolderName();
  const { data: quota } = useQuery({
    queryKey: ["quota"],
    queryFn: ({ signal }) => call<Quota>("GET", "/quota", { signal }),
    staleTime: 0,
  });
  if (quota === undefined) return null;
  const { used, limit, years, folders, attachment_types } = quota;
  const words = { used: sizeInWords(used, i18n.language), limit: sizeInWords(limit, i18n.language) };
  return (
    <>
      <p>{t("settings.storage.used", words)}</p>
      <meter
        className={styles.meter}
        min={0}
        max={limit}
        high={limit * 0.9}
        value={used}
        aria-label={t("settings.sections.storage")}
      />
      <SendingToday />
      <Picture
        heading={t("settings.storage.years")}
        shares={years.map(({ year, size }) => ({ name: String(year), size }))}
      />
      <Picture
        heading={t("settings.storage.folders")}
        shares={folders
          .filter(({ role }) => role !== "all")
          .map((folder) => ({ name: nameOf(folder), size: folder.size }))}
      />
      <Picture
        heading={t("settings.storage.types")}
        shares={byKind(attachment_types).map(([kind, size]) => ({ name: t(`settings.storage.kinds.${kind}`), size }))}
      />
    </>
  );
}

/** The largest first. */
function byKind(types: Quota["attachment_types"]): [Kind, number][] {
  const sizes = new Map<Kind, number>();
  for (const { content_type, size } of types) {
    // Also of pictures that no browser draws.
    const kind = content_type.startsWith("image/") ? "image" : kindOf({ content_type, filename: "" });
    sizes.set(kind, (sizes.get(kind) ?? 0) + size);
  }
  return [...sizes].sort(([, one], [, other]) => other - one);
}

/** A bar for each, as long as its share of the largest. A list, so that it can be read without seeing it. */
function Picture({ heading, shares }: { heading: string; shares: Share[] }) {
  const { i18n } = useTranslation();
  const most = Math.max(1, ...shares.map(({ size }) => size));
  const shown = shares.filter(({ size }) => size > 0);
  if (shown.length === 0) return null;
  return (
    <section className={styles.picture}>
      <h3>{heading}</h3>
      <ul>
        {shown.map(({ name, size }) => (
          <li key={name} className={styles.share}>
            <span className={styles.name}>{name}</span>
            <span className={styles.track}>
              <span className={styles.bar} style={{ inlineSize: `${(100 * size) / most}%` }} />
            </span>
            <span className={styles.bytes}>{sizeInWords(size, i18n.language)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
