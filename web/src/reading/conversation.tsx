import { useQuery } from "@tanstack/react-query";
import { BellOff, ChevronsUpDown } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MessageSummary, Thread } from "../../../contract/messages.ts";
import { ActionToolbar } from "../acting/action-toolbar.tsx";
import { openedTargets } from "../acting/targets.ts";
import { outOfTrash } from "../acting/update.ts";
import { usePlace } from "../app/address-bar.ts";
import { DraftHere } from "../composing/written-here.tsx";
import { Button, IconButton } from "../design/button.tsx";
import { foldersQuery } from "../folders/queries.ts";
import { longDate, shortDate } from "../language/dates.ts";
import { shortName } from "../list/message-row.tsx";
import { useShownList } from "../list/shown-list.ts";
import { Complaint, isInTheWay } from "./complaint.tsx";
import { useTakesKeyboard } from "./keyboard-goes-in.ts";
import { useMuting } from "./muting.ts";
import { OpenedMessage } from "./opened-message.tsx";
import { messageQuery } from "./queries.ts";
import styles from "./reading.module.css";
import { SenderPicture } from "./sender-picture.tsx";

/** Each that is open is two frames and a request: of more the newest, and the others as they are asked for. */
const MOST_OPEN = 20;

/** Read ones are a line each, but for the newest; unread ones are open. */
export function Conversation({ thread }: { thread: Thread }) {
  const { t } = useTranslation();
  const place = usePlace();
  const [isTrashShown, showTrash] = useState(place.screen === "folder" && place.folder === "trash");
  const { shown, inTrash } = useTrashApart(thread.messages);
  const messages = isTrashShown ? thread.messages : shown;
  const { setMuted } = useMuting(thread.id);
  // What was unread when the conversation was opened stays open when it has been read.
  const [opened, setOpened] = useState(() => {
    const unread = messages.filter(({ is_read }) => !is_read).map(({ id }) => id);
    return new Set<string>([...unread.slice(-MOST_OPEN), ...messages.slice(-1).map(({ id }) => id)]);
  });
  const takesKeyboard = useTakesKeyboard(thread.id);
  const [first] = useState(() => messages.find(({ id }) => opened.has(id))?.id);
  const [pressed, setPressed] = useState<string | undefined>(takesKeyboard ? first : undefined);
  const open = (ids: string[]) => setOpened((before) => new Set([...before, ...ids]));
  const openMore = () =>
    open(
      messages
        .map(({ id }) => id)
        .filter((id) => !opened.has(id))
        .slice(-MOST_OPEN),
    );
  const press = (id: string) => {
    setPressed(id);
    open([id]);
  };
  const subject = thread.messages[0]?.subject || t("app.noSubject");
  const isOnly = thread.messages.length === 1;
  const isAnyFolded = messages.some(({ id }) => !opened.has(id));
  return (
    <article aria-label={subject}>
      <header className={styles.title}>
        <h2 id="subject" tabIndex={-1} dir="auto" className={styles.subject}>
          {subject}
        </h2>
        {thread.is_muted && (
          <Button kind="quiet" onClick={() => setMuted(false)}>
            <BellOff aria-hidden />
            {t("reading.isMuted")}
          </Button>
        )}
        {!isOnly && <WholeConversation />}
        {isAnyFolded && (
          <IconButton label={t("reading.openAll")} onClick={openMore}>
            <ChevronsUpDown />
          </IconButton>
        )}
      </header>
      {messages.map((message) =>
        opened.has(message.id) ? (
          <OneOfMany
            key={message.id}
            id={message.id}
            isFirst={message.id === first}
            isOldest={message === messages[0]}
            isPressed={pressed === message.id}
            isOnly={isOnly}
          />
        ) : (
          <FoldedMessage key={message.id} message={message} onOpen={() => press(message.id)} />
        ),
      )}
      {!isTrashShown && inTrash > 0 && (
        <p className={styles.inTrash}>
          {t("reading.inTrash", { count: inTrash })}
          <Button kind="quiet" onClick={() => showTrash(true)}>
            {t("reading.showTrash")}
          </Button>
        </p>
      )}
    </article>
  );
}

/** What is done to all of its messages that the list is of. What is done to one of them is at that message. */
function WholeConversation() {
  const { t } = useTranslation();
  const role = useShownList(({ folder }) => folder?.role ?? null);
  return <ActionToolbar label={t("reading.whole")} className={styles.actions} role={role} targets={openedTargets} />;
}

/** Who deleted a message of a conversation does not want to read it there, unless all of it was deleted. */
function useTrashApart(messages: MessageSummary[]): { shown: MessageSummary[]; inTrash: number } {
  const { data: folders = [] } = useQuery(foldersQuery);
  const shown = outOfTrash(messages, folders);
  return { shown, inTrash: messages.length - shown.length };
}

interface OneOfManyProps {
  id: string;
  /** The first that was open when the conversation was. */
  isFirst: boolean;
  /** It stands right below the subject, which stays in view with it. */
  isOldest: boolean;
  isPressed: boolean;
  /** Nothing else is in the conversation. */
  isOnly: boolean;
}

function OneOfMany({ id, isFirst, isOldest, isPressed, isOnly }: OneOfManyProps) {
  const { data: message, error, refetch } = useQuery(messageQuery(id));
  const isHere = message !== undefined;
  useEffect(() => {
    if (isFirst && !isOldest && isHere) bringIntoView(document.getElementById(`message-${id}`));
  }, [id, isFirst, isOldest, isHere]);
  useEffect(() => {
    // The line that was pressed is gone, and the keyboard goes to what stands in its place.
    if (!isPressed || !isHere) return;
    const opened = document.getElementById(`message-${id}`);
    opened?.focus({ preventScroll: true });
    if (!isFirst) opened?.scrollIntoView({ block: "nearest" });
  }, [id, isFirst, isPressed, isHere]);
  if (isInTheWay(error, message)) return <Complaint error={error} onRetry={refetch} />;
  if (message?.is_draft) return <DraftHere id={message.id} />;
  return message ? (
    <OpenedMessage message={message} isAlone={false} isOnly={isOnly} />
  ) : (
    <div className={styles.waiting} aria-busy />
  );
}

/** Its letter may have no height yet: what would begin in the lower half of the pane begins at its top. */
function bringIntoView(section: HTMLElement | null): void {
  const pane = section?.closest("main")?.getBoundingClientRect();
  if (!section || !pane) return;
  if (section.getBoundingClientRect().top > pane.top + pane.height / 2) section.scrollIntoView({ block: "start" });
}

function FoldedMessage({ message, onOpen }: { message: MessageSummary; onOpen(): void }) {
  const { t, i18n } = useTranslation();
  const date = new Date(message.received_at);
  return (
    <button type="button" className={styles.folded} onClick={onOpen}>
      <SenderPicture sender={message.from} isSmall />
      <span className={styles.foldedWho}>{shortName(message.from) || t("app.noSender")}</span>
      {message.is_draft && <span className={styles.foldedDraft}>{t("reading.draft")}</span>}
      <span className={styles.foldedPreview}>{message.preview}</span>
      <time dateTime={message.received_at} title={longDate(date, i18n.language)}>
        {shortDate(date, new Date(), i18n.language)}
      </time>
    </button>
  );
}
