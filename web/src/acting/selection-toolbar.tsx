/** What can be done with the rows that are selected. Arrow keys walk through it. */
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
import { useTranslation } from "react-i18next";
import { IconButton } from "../design/button.tsx";
import { Menu, MenuItem } from "../design/menu.tsx";
import { useSelection } from "../list/selection.ts";
import { useShownList } from "../list/shown-list.ts";
import { COMMANDS, type CommandName, shownKey } from "./commands.ts";
import styles from "./selection-toolbar.module.css";
import { openSheet } from "./sheets.ts";
import { muteTargets, onTargets } from "./targets.ts";

const keyOf = (name: CommandName): string | undefined => {
  const command = COMMANDS.find((one) => one.name === name);
  return command && shownKey(command);
};

export function SelectionToolbar() {
  const { t } = useTranslation();
  const { selected, isAll } = useSelection();
  const folder = useShownList((state) => state.folder);
  const total = folder?.total;
  const role = folder?.role ?? null;
  const said = isAll
    ? total === undefined
      ? t("list.allSelected")
      : t("list.selected", { count: total })
    : t("list.selected", { count: selected.size });
  return (
    <Toolbar.Root className={styles.toolbar} aria-label={t("actions.label")}>
      <span className={styles.count} role="status">
        {said}
      </span>
      {role === "archive" || role === "trash" || role === "junk" ? (
        <Action name="toInbox" icon={Inbox} run={() => onTargets(role === "junk" ? "notJunk" : "toInbox")} />
      ) : (
        <Action name="archive" icon={Archive} run={() => onTargets("archive")} />
      )}
      <Action
        name={role === "trash" ? "deleteForGood" : "delete"}
        shortcut={keyOf("delete")}
        icon={Trash2}
        run={() => onTargets("delete")}
      />
      <Action name="move" icon={FolderInput} run={() => openSheet("move")} />
      <Action name="read" icon={MailOpen} run={() => onTargets("read")} />
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
        <Choice name="unread" icon={Mail} run={() => onTargets("unread")} />
        <Choice name="star" icon={Star} run={() => onTargets("star")} />
        <Choice name="unstar" icon={StarOff} run={() => onTargets("unstar")} />
        <Choice name="label" icon={Tag} run={() => openSheet("label")} />
        <Choice name="snooze" icon={Clock} run={() => openSheet("snooze")} />
        {!isAll && <Choice name="mute" icon={BellOff} run={() => muteTargets()} />}
        {role === "junk" ? (
          <Choice name="notJunk" shortcut={keyOf("junk")} icon={ThumbsUp} run={() => onTargets("notJunk")} />
        ) : (
          <Choice name="junk" icon={MailWarning} run={() => onTargets("junk")} />
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
