/** What a rule does with a message. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { FolderId } from "../../../../contract/ids.ts";
import { Check, Field } from "../../design/field.tsx";
import { foldersQuery } from "../../folders/queries.ts";
import { useFolderName } from "../../folders/use-folder-name.ts";
import type { RulePartProps } from "./rule-conditions.tsx";
import type { RuleDraft } from "./rule-draft.ts";
import styles from "./rules.module.css";

/** Each is done, or left out. */
const SIMPLE = ["archive", "is_read", "is_flagged", "delete", "stop"] as const;
/** Mail is not moved to where it is put by what it is. */
const NO_TARGETS = ["drafts", "sent", "flagged", "all", "inbox"];

export function RuleActions({ draft, set }: RulePartProps) {
  const { t } = useTranslation();
  const { actions } = draft;
  const change = (part: Partial<RuleDraft["actions"]>) => set({ actions: { ...actions, ...part } });
  return (
    <fieldset className={styles.group}>
      <legend>{t("settings.rules.then")}</legend>
      <div className={styles.pair}>
        <FolderChoice
          label={t("settings.rules.moveTo")}
          ids={actions.move_to}
          onChange={(move_to) => change({ move_to })}
        />
        <FolderChoice
          label={t("settings.rules.addTo")}
          ids={actions.add_to}
          onChange={(add_to) => change({ add_to })}
        />
      </div>
      <div className={styles.checks}>
        {SIMPLE.map((name) => (
          <Check
            key={name}
            label={t(`settings.rules.actions.${name}`)}
            checked={actions[name] === true}
            onChange={(isOn) => set({ actions: withOrWithout(actions, name, isOn) })}
          />
        ))}
        {(["never", "always"] as const).map((junk) => (
          <Check
            key={junk}
            label={t(`settings.rules.junk.${junk}`)}
            checked={actions.junk === junk}
            onChange={(isOn) => {
              const { junk: _, ...rest } = actions;
              set({ actions: isOn ? { ...rest, junk } : rest });
            }}
          />
        ))}
      </div>
      <div className={styles.pair}>
        <Field label={t("settings.rules.forwardTo")}>
          {(control) => (
            <input {...control} value={draft.forward} onChange={({ target }) => set({ forward: target.value })} />
          )}
        </Field>
        <Field label={t("settings.rules.keywords")}>
          {(control) => (
            <input {...control} value={draft.keywords} onChange={({ target }) => set({ keywords: target.value })} />
          )}
        </Field>
      </div>
      <Check
        label={t("settings.rules.reply")}
        checked={draft.reply !== null}
        onChange={(isOn) => set({ reply: isOn ? { subject: "", body: "" } : null })}
      />
      {draft.reply !== null && <Reply reply={draft.reply} onChange={(reply) => set({ reply })} />}
    </fieldset>
  );
}

function withOrWithout(actions: RuleDraft["actions"], name: (typeof SIMPLE)[number], isOn: boolean) {
  const { [name]: _, ...rest } = actions;
  return isOn ? { ...rest, [name]: true as const } : rest;
}

interface ReplyProps {
  reply: NonNullable<RuleDraft["reply"]>;
  onChange(reply: RuleDraft["reply"]): void;
}

function Reply({ reply, onChange }: ReplyProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t("settings.vacation.subject")} hint={t("settings.vacation.subjectHint")}>
        {(control) => (
          <input
            {...control}
            value={reply.subject}
            onChange={({ target }) => onChange({ ...reply, subject: target.value })}
          />
        )}
      </Field>
      <Field label={t("settings.vacation.text")}>
        {(control) => (
          <textarea
            {...control}
            rows={4}
            required
            value={reply.body}
            onChange={({ target }) => onChange({ ...reply, body: target.value })}
          />
        )}
      </Field>
    </>
  );
}

interface FolderChoiceProps {
  label: string;
  ids: FolderId[];
  onChange(ids: FolderId[]): void;
}

/** One folder, as rules have nearly always; several that were set elsewhere stay until another is chosen. */
function FolderChoice({ label, ids, onChange }: FolderChoiceProps) {
  const { t } = useTranslation();
  const { data: folders = [] } = useQuery(foldersQuery);
  const nameOf = useFolderName();
  const targets = folders.filter(({ role }) => !NO_TARGETS.includes(role ?? ""));
  const choose = (id: string) => onChange(targets.flatMap((folder) => (folder.id === id ? [folder.id] : [])));
  return (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          value={ids.length > 1 ? "several" : (ids[0] ?? "")}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">{t("settings.rules.nowhere")}</option>
          {ids.length > 1 && <option value="several">{t("settings.rules.several", { count: ids.length })}</option>}
          {targets.map((folder) => (
            <option key={folder.id} value={folder.id}>
              {nameOf(folder)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
