/** What is done seldom while one writes: another form, and templates. */
import { useQuery } from "@tanstack/react-query";
import { FileText, MoreVertical, RemoveFormatting, Save, Type } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { Template } from "../../../contract/templates.ts";
import { attempt } from "../api/attempt.ts";
import { call } from "../api/call.ts";
import { queryClient } from "../api/query-client.ts";
import { IconButton } from "../design/button.tsx";
import { Menu, MenuItem, MenuLine } from "../design/menu.tsx";
import { notify } from "../design/notices.tsx";
import { templatesQuery } from "../settings/queries.ts";
import { asPlain, asRich, useFormat } from "./format.ts";
import { ownWords } from "./own-words.ts";
import { withTemplate } from "./templates.ts";
import type { Writing } from "./writing.ts";

export function LetterMenu({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const { data: templates = [] } = useQuery(templatesQuery);
  const insert = (template: Template) => {
    const { letter } = writing.store.getState();
    writing.edit(withTemplate(letter, template));
  };
  return (
    <Menu
      align="start"
      trigger={
        <IconButton label={t("composing.more")}>
          <MoreVertical />
        </IconButton>
      }
    >
      <FormatItem writing={writing} />
      <MenuLine />
      {templates.map((template) => (
        <MenuItem key={template.id} icon={<FileText />} onChoose={() => insert(template)}>
          {template.name}
        </MenuItem>
      ))}
      <MenuItem icon={<Save />} onChoose={() => void saveTemplate(writing, t("composing.templates.saved"))}>
        {t("composing.templates.save")}
      </MenuItem>
    </Menu>
  );
}

/** Rich text is made plain, with what it loses coming back while the notice is there. */
function FormatItem({ writing }: { writing: Writing }) {
  const { t } = useTranslation();
  const isRich = useStore(writing.store, ({ letter }) => letter.html !== null);
  const prefer = useFormat((state) => state.set);
  const change = () => {
    const { letter } = writing.store.getState();
    writing.edit(isRich ? asPlain(letter) : asRich(letter));
    prefer(!isRich);
    if (!isRich) return;
    const undo = () => {
      prefer(true);
      writing.edit(letter);
    };
    notify(t("composing.format.isPlain"), { action: { label: t("app.undo"), run: undo } });
  };
  return (
    <MenuItem icon={isRich ? <RemoveFormatting /> : <Type />} onChoose={change}>
      {t(isRich ? "composing.format.plain" : "composing.format.rich")}
    </MenuItem>
  );
}

async function saveTemplate({ store }: Writing, done: string): Promise<void> {
  const { letter } = store.getState();
  const words = ownWords(letter).trim();
  const name = (letter.subject || words.split("\n", 1)[0] || "–").slice(0, 100);
  await attempt(async () => {
    await call("POST", "/templates", { body: { name, subject: letter.subject, body: words, body_html: letter.html } });
    await queryClient.invalidateQueries({ queryKey: templatesQuery.queryKey });
  }, done);
}
