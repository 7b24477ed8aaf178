import { Toolbar } from "@base-ui/react/toolbar";
import type { Editor } from "@tiptap/react";
import { useEditorState } from "@tiptap/react";
import {
  Bold,
  Image,
  Italic,
  List,
  ListOrdered,
  type LucideIcon,
  Quote,
  RemoveFormatting,
  Strikethrough,
  Underline,
} from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import button from "../design/button.module.css";
import { LinkButton } from "./link-button.tsx";
import styles from "./rich-text.module.css";
import type { Writing } from "./writing.ts";

type Format = "bold" | "italic" | "underline" | "strike" | "bulletList" | "orderedList" | "blockquote";

const FORMATS: [Format, LucideIcon, (editor: Editor) => void][] = [
  ["bold", Bold, (editor) => editor.chain().focus().toggleBold().run()],
  ["italic", Italic, (editor) => editor.chain().focus().toggleItalic().run()],
  ["underline", Underline, (editor) => editor.chain().focus().toggleUnderline().run()],
  ["strike", Strikethrough, (editor) => editor.chain().focus().toggleStrike().run()],
  ["bulletList", List, (editor) => editor.chain().focus().toggleBulletList().run()],
  ["orderedList", ListOrdered, (editor) => editor.chain().focus().toggleOrderedList().run()],
  ["blockquote", Quote, (editor) => editor.chain().focus().toggleBlockquote().run()],
];

interface RichTextBarProps {
  editor: Editor;
  writing: Writing;
  onPicture(picture: File): void;
}

export function RichTextBar({ editor, onPicture }: RichTextBarProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const active = useEditorState({
    editor,
    selector: ({ editor }) => FORMATS.filter(([format]) => editor.isActive(format)).map(([format]) => format),
  });
  return (
    <Toolbar.Root className={styles.bar} aria-label={t("composing.format.label")}>
      {FORMATS.map(([format, Icon, toggle]) => (
        <BarButton
          key={format}
          name={t(`composing.format.${format}`)}
          isOn={active.includes(format)}
          onPress={() => toggle(editor)}
        >
          <Icon />
        </BarButton>
      ))}
      <LinkButton editor={editor} />
      <BarButton name={t("composing.format.picture")} onPress={() => input.current?.click()}>
        <Image />
      </BarButton>
      <BarButton
        name={t("composing.format.none")}
        onPress={() => editor.chain().focus().unsetAllMarks().clearNodes().run()}
      >
        <RemoveFormatting />
      </BarButton>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp,image/avif"
        multiple
        hidden
        onChange={({ target }) => {
          for (const picture of target.files ?? []) onPicture(picture);
          target.value = "";
        }}
      />
    </Toolbar.Root>
  );
}

interface BarButtonProps {
  name: string;
  isOn?: boolean;
  onPress(): void;
  children: React.ReactNode;
}

function BarButton({ name, isOn, onPress, children }: BarButtonProps) {
  return (
    <Toolbar.Button
      className={button.icon}
      aria-label={name}
      title={name}
      aria-pressed={isOn}
      // The selection in the text stays what it is.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {children}
    </Toolbar.Button>
  );
}
