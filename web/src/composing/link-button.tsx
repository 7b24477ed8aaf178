import { Popover } from "@base-ui/react/popover";
import { Toolbar } from "@base-ui/react/toolbar";
import { type Editor, useEditorState } from "@tiptap/react";
import { Link } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import button from "../design/button.module.css";
import { Button } from "../design/button.tsx";
import styles from "./rich-text.module.css";

/** An address behind the words that are selected. */
export function LinkButton({ editor }: { editor: Editor }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const href = useEditorState({ editor, selector: ({ editor }) => String(editor.getAttributes("link").href ?? "") });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = String(new FormData(event.currentTarget).get("href")).trim();
    const chain = editor.chain().focus().extendMarkRange("link");
    if (wanted === "") chain.unsetLink().run();
    else if (editor.state.selection.empty && href === "") chain.insertContent(linked(wanted)).run();
    else chain.setLink({ href: complete(wanted) }).run();
    setOpen(false);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger
        render={
          <Toolbar.Button
            className={button.icon}
            aria-label={t("composing.format.link")}
            title={t("composing.format.link")}
            aria-pressed={href !== ""}
          />
        }
      >
        <Link />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" sideOffset={6} className={styles.positioner}>
          <Popover.Popup className={styles.popup}>
            <form className={styles.link} onSubmit={submit}>
              <label>
                {t("composing.format.address")}
                <input name="href" defaultValue={href} inputMode="url" autoCapitalize="none" spellCheck={false} />
              </label>
              <Button kind="main" type="submit">
                {t("composing.format.setLink")}
              </Button>
            </form>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** `example.org` is meant as an address, as is `ana@example.org`. */
const complete = (text: string): string => {
  if (/^(?:https?|mailto|tel):/i.test(text)) return text;
  return /^[^\s/@]+@[^\s/@]+$/.test(text) ? `mailto:${text}` : `https://${text}`;
};

const linked = (text: string) => ({
  type: "text",
  text,
  marks: [{ type: "link", attrs: { href: complete(text) } }],
});
