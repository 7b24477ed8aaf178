/** What a list turned out to hold, for who does not see it. */
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { announce } from "../design/announcements.tsx";
import type { LoadedList } from "./list-cache.ts";

/** A list that is there sooner is not said to be loading. */
const SLOW = 1000;

export function useAnnounceList(name: string, folder: Folder | undefined, list: LoadedList | undefined): void {
  const { t } = useTranslation();
  const isLoaded = list !== undefined;
  const tell = useEffectEvent(() => {
    if (!isLoaded) announce("list", t("announcing.loading", { name }));
    else if (folder) announce("list", t("announcing.listed", { name, count: folder.total }));
    else announce("list", found(list).join(" "));
  });
  const found = ({ pages: [page] }: LoadedList): string[] => {
    const { messages, estimated_total, taken_as_words = [], is_indexing } = page ?? { messages: [] };
    const count = estimated_total?.messages ?? messages.length;
    const words = taken_as_words.map(({ text }) => text).join(", ");
    const total = estimated_total?.is_exact === false ? "announcing.foundAbout" : "announcing.found";
    return [
      messages.length === 0 ? t("search.nothing") : t(total, { count }),
      ...(words === "" ? [] : [t("search.takenAsWords", { words })]),
      ...(is_indexing ? [t("search.indexing")] : []),
    ];
  };
  useEffect(() => {
    const timer = setTimeout(() => tell(), isLoaded ? 0 : SLOW);
    return () => clearTimeout(timer);
  }, [isLoaded]);
}
