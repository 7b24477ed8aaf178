/** The name of a folder that is made or renamed; or whether one is really to go. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "../../../contract/folders.ts";
import { goTo, usePlace } from "../app/address-bar.ts";
import { INBOX } from "../app/place.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import styles from "./folder-dialog.module.css";
import type { FolderTask } from "./folder-menu.tsx";
import { deleteFolder, makeFolder, renameFolder } from "./own-folders.ts";

export default function FolderDialog({ task, onClose }: { task: FolderTask; onClose(): void }) {
  if (task.kind === "delete") return <DeleteDialog folder={task.folder} onClose={onClose} />;
  return <NameDialog task={task} onClose={onClose} />;
}

function NameDialog({ task, onClose }: { task: Exclude<FolderTask, { kind: "delete" }>; onClose(): void }) {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const isNew = task.kind === "make";
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    if (name === "") return;
    setBusy(true);
    const made = isNew ? await makeFolder(name, task.parent?.id ?? null) : await renameFolder(task.folder, name);
    setBusy(false);
    if (made) onClose();
  };
  const title = isNew
    ? task.parent
      ? t("folders.makeInNamed", { name: task.parent.name })
      : t("folders.make")
    : t("folders.renameNamed", { name: task.folder.name });
  return (
    <Dialog title={title} onClose={onClose}>
      <form method="post" className={styles.form} onSubmit={(event) => void submit(event)}>
        <label className={styles.label}>
          {t("folders.name")}
          <input
            data-first=""
            name="name"
            maxLength={100}
            required
            defaultValue={isNew ? "" : task.folder.name}
            autoComplete="off"
          />
        </label>
        <div className={styles.buttons}>
          <Button onClick={onClose}>{t("folders.cancel")}</Button>
          <Button kind="main" type="submit" disabled={isBusy}>
            {isNew ? t("folders.make") : t("folders.rename")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function DeleteDialog({ folder, onClose }: { folder: Folder; onClose(): void }) {
  const { t } = useTranslation();
  const place = usePlace();
  const confirm = async () => {
    onClose();
    // Who looks at a folder that is gone would be told so.
    if (place.screen === "folder" && place.folder === folder.id) goTo(INBOX);
    await deleteFolder(folder);
  };
  return (
    <Dialog title={t("folders.deleteNamed", { name: folder.name })} onClose={onClose}>
      <div className={styles.form}>
        <p>{folder.total > 0 ? t("folders.itsMessages", { count: folder.total }) : t("folders.isEmpty")}</p>
        <div className={styles.buttons}>
          <Button onClick={onClose}>{t("folders.cancel")}</Button>
          <Button kind="danger" onClick={() => void confirm()}>
            {t("folders.delete")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
