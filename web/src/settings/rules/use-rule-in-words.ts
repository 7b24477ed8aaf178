import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Filter, HeaderMatch } from "../../../../contract/filters.ts";
import { foldersQuery } from "../../folders/queries.ts";
import { useFolderName } from "../../folders/use-folder-name.ts";

/** A rule in a line, for its list. */
export function useRuleInWords({ conditions, actions }: Filter): { when: string; deeds: string } {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  const nameOf = useFolderName();
  const names = (ids: string[]) =>
    folders.flatMap((folder) => (ids.includes(folder.id) ? [nameOf(folder)] : [])).join(", ");
  const header = (match: HeaderMatch) => {
    const how = t(`settings.rules.matches.${match.match}`);
    return [match.field, match.is_not ? t("settings.rules.not") : "", how, match.match === "exists" ? "" : match.value]
      .filter(Boolean)
      .join(" ");
  };
  const { move_to, add_to, junk, forward_to, keywords, reply } = actions;
  const deeds = [
    ...(move_to.length > 0 ? [`${t("settings.rules.moveTo")}: ${names(move_to)}`] : []),
    ...(add_to.length > 0 ? [`${t("settings.rules.addTo")}: ${names(add_to)}`] : []),
    ...(["archive", "is_read", "is_flagged", "delete"] as const).flatMap((name) =>
      actions[name] ? [t(`settings.rules.actions.${name}`)] : [],
    ),
    ...(junk === undefined ? [] : [t(`settings.rules.junk.${junk}`)]),
    ...(forward_to.length > 0 ? [`${t("settings.rules.forwardTo")}: ${forward_to.join(", ")}`] : []),
    ...(keywords.length > 0 ? [`${t("settings.rules.keywords")}: ${keywords.join(", ")}`] : []),
    ...(reply === undefined ? [] : [t("settings.rules.reply")]),
    ...(actions.stop ? [t("settings.rules.actions.stop")] : []),
  ];
  return {
    when: [conditions.query, ...conditions.headers.map(header)].filter(Boolean).join(", "),
    deeds: deeds.join(", "),
  };
}
