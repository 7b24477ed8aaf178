/** What is done to a message less often: where it goes, other ways to look at it, printing, its file, why it is here. */
import {
  BellOff,
  BellRing,
  Code,
  Copy,
  Download,
  FileText,
  List,
  Mail,
  MoreVertical,
  Printer,
  ShieldQuestion,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../../contract/messages.ts";
import { useComposers } from "../composing/composers.ts";
import { IconButton } from "../design/button.tsx";
import { Menu, MenuItem, MenuLine, MenuLink } from "../design/menu.tsx";
import { MessageVerbs } from "./message-verbs.tsx";
import { useMuting } from "./muting.ts";
import type { Removal } from "./removals.ts";
import { SpamReasons } from "./why-spam.tsx";

/** Ways to look at a message. */
export type View = "letter" | "text" | "original" | "headers";

interface MessageMenuProps {
  message: Message;
  /** Of one in a conversation with others. What is about all of them is not here then, but at the conversation. */
  removals: readonly Removal[];
  view: View;
  onView(view: View): void;
  onPrint(): void;
}

export function MessageMenu({ message, removals, view, onView, onPrint }: MessageMenuProps) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const isReceived = message.delivered_to.length > 0;
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("reading.more")}>
            <MoreVertical />
          </IconButton>
        }
      >
        {removals.map(({ label, icon: Icon, run }) => (
          <MenuItem key={label} icon={<Icon />} onChoose={run}>
            {label}
          </MenuItem>
        ))}
        <MessageVerbs message={message} isReceived={isReceived} />
        <MenuLine />
        {view !== "letter" && (
          <MenuItem icon={<Mail />} onChoose={() => onView("letter")}>
            {t("reading.views.letter")}
          </MenuItem>
        )}
        {view !== "text" && message.body_html !== null && (
          <MenuItem icon={<FileText />} onChoose={() => onView("text")}>
            {t("reading.views.text")}
          </MenuItem>
        )}
        {view !== "headers" && (
          <MenuItem icon={<List />} onChoose={() => onView("headers")}>
            {t("reading.views.headers")}
          </MenuItem>
        )}
        {view !== "original" && (
          <MenuItem icon={<Code />} onChoose={() => onView("original")}>
            {t("reading.views.original")}
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem icon={<Copy />} onChoose={() => useComposers.getState().openAgain(message)}>
          {t("composing.again")}
        </MenuItem>
        <MenuItem icon={<Printer />} onChoose={onPrint}>
          {t("reading.print")}
        </MenuItem>
        <MenuLink icon={<Download />} href={`/v1/messages/${message.id}/raw`} download="message.eml">
          {t("reading.download")}
        </MenuLink>
        <MenuLine />
        {removals.length === 0 && <MuteItem thread_id={message.thread_id} />}
        {isReceived && (
          <MenuItem icon={<ShieldQuestion />} onChoose={() => setAsked(true)}>
            {t("reading.spam.score")}
          </MenuItem>
        )}
      </Menu>
      {isAsked && <SpamReasons id={message.id} onClose={() => setAsked(false)} />}
    </>
  );
}

/** The conversation is asked for when the menu is opened, and not before. */
function MuteItem({ thread_id }: { thread_id: string }) {
  const { t } = useTranslation();
  const { isMuted, setMuted } = useMuting(thread_id);
  return (
    <MenuItem icon={isMuted ? <BellRing /> : <BellOff />} onChoose={() => setMuted(!isMuted)}>
      {isMuted ? t("reading.unmute") : t("reading.mute")}
    </MenuItem>
  );
}
