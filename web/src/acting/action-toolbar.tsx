/** What can be done with messages, by pointer and by touch. Arrow keys walk through it. */
import { Toolbar } from "@base-ui/react/toolbar";
import {
  Archive,
  BellOff,
  Clock,
  FolderInput,
  Inbox,
  type LucideIcon,
  Mail,
  MailOpen,
  MailWarning,
  MoreVertical,
  Star,
  StarOff,
  Tag,
  ThumbsUp,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FolderRole } from "../../../contract/folders.ts";
import { IconButton } from "../design/button.tsx";
import { Menu, MenuItem } from "../design/menu.tsx";
import { COMMANDS, type CommandName, shownKey } from "./commands.ts";
import { openSheet } from "./sheets.ts";
import { muteTargets, onTargets, type Targets } from "./targets.ts";

const keyOf = (name: CommandName): string | undefined => {
  const command = COMMANDS.find((one) => one.name === name);
  return command && shownKey(command);
};

interface ActionToolbarProps {
  label: string;
  className: string | undefined;
  /** Of the list that it is about. */
  role: FolderRole | null;
  /** What it is done to, asked for when something is pressed. */
  targets(): Targets | null;
  /** Of all that a list holds, what is done to conversations cannot be done. */
  isAll?: boolean;
  children?: ReactNode;
}

export function ActionToolbar({ label, className, role, targets, isAll = false, children }: ActionToolbarProps) {
  const { t } = useTranslation();
  return (
    <Toolbar.Root className={className} aria-label={label}>
      {children}
      {role === "archive" || role === "trash" || role === "junk" ? (
        <Action name="toInbox" icon={Inbox} run={() => onTargets(role === "junk" ? "notJunk" : "toInbox", targets())} />
      ) : (
        <Action name="archive" icon={Archive} run={() => onTargets("archive", targets())} />
      )}
      <Action
        name={role === "trash" ? "deleteForGood" : "delete"}
        shortcut={keyOf("delete")}
        icon={Trash2}
        run={() => onTargets("delete", targets())}
      />
      <Action name="move" icon={FolderInput} run={() => openSheet("move", targets())} />
      <Action name="read" icon={MailOpen} run={() => onTargets("read", targets())} />
      <Menu
        trigger={
          <Toolbar.Button
            render={
              <IconButton label={t("actions.more")}>
                <MoreVertical />
              </IconButton>
            }
          />
        }
      >
        <Choice name="unread" icon={Mail} run={() => onTargets("unread", targets())} />
        <Choice name="star" icon={Star} run={() => onTargets("star", targets())} />
        <Choice name="unstar" icon={StarOff} run={() => onTargets("unstar", targets())} />
        <Choice name="label" icon={Tag} run={() => openSheet("label", targets())} />
        <Choice name="snooze" icon={Clock} run={() => openSheet("snooze", targets())} />
        {!isAll && <Choice name="mute" icon={BellOff} run={() => muteTargets(targets())} />}
        {role === "junk" ? (
          <Choice name="notJunk" shortcut={keyOf("junk")} icon={ThumbsUp} run={() => onTargets("notJunk", targets())} />
        ) : (
          <Choice name="junk" icon={MailWarning} run={() => onTargets("junk", targets())} />
        )}
      </Menu>
    </Toolbar.Root>
  );
}

interface ActionProps {
  name: CommandName;
  shortcut?: string | undefined;
  icon: LucideIcon;
  run(): unknown;
}

function Action({ name, shortcut = keyOf(name), icon: Icon, run }: ActionProps) {
  const { t } = useTranslation();
  return (
    <Toolbar.Button
      render={
        <IconButton
          label={t(`actions.commands.${name}`)}
          {...(shortcut === undefined ? {} : { shortcut })}
          onClick={() => void run()}
        >
          <Icon />
        </IconButton>
      }
    />
  );
}

function Choice({ name, shortcut = keyOf(name), icon: Icon, run }: ActionProps) {
  const { t } = useTranslation();
  return (
    <MenuItem icon={<Icon />} {...(shortcut === undefined ? {} : { shortcut })} onChoose={() => void run()}>
      {t(`actions.commands.${name}`)}
    </MenuItem>
  );
}
