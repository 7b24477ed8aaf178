/** Text with bold letters, lists, links and pictures. Fetched when a letter in rich text is opened. */
import Image from "@tiptap/extension-image";
import { type Editor, EditorContent, Extension, Node, useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { imageOf } from "./images.ts";
import styles from "./rich-text.module.css";
import { RichTextBar } from "./rich-text-bar.tsx";
import type { Writing } from "./writing.ts";

/** What stands at the end as one piece, so that another identity's can take its place. */
const Signature = Node.create({
  name: "signature",
  group: "block",
  content: "block*",
  parseHTML: () => [{ tag: "div.mailmesh-signature" }],
  renderHTML: () => ["div", { class: "mailmesh-signature" }, 0],
});

/** A picture of the letter is named by its content id; the page shows the bytes that are here. */
const picturesOf = (writing: Writing) =>
  Image.extend({
    parseHTML: () => [{ tag: 'img[src^="cid:"]' }, { tag: 'img[data-src^="cid:"]' }],
    addAttributes: () => ({
      src: {
        parseHTML: (image) => image.getAttribute("data-src") ?? image.getAttribute("src"),
        // With `src`, an element that the editor makes for a moment would ask for it.
        renderHTML: ({ src }) => ({ "data-src": src }),
      },
      alt: { default: null },
    }),
    addNodeView:
      () =>
      ({ node }) => {
        const dom = document.createElement("img");
        dom.alt = String(node.attrs.alt ?? "");
        void imageOf(writing, String(node.attrs.src)).then((address) => {
          if (address !== null) dom.src = address;
        });
        return { dom };
      },
  }).configure({ inline: true });

/** Pictures that are elsewhere would be asked for by who reads it. */
function cleanPasted(html: string): string {
  // The policy of the page allows no styles, and the browser complains of each that is parsed.
  const unstyled = html.replaceAll(/\sstyle=(?:"[^"]*"|'[^']*')/gi, "");
  const { body } = new DOMParser().parseFromString(unstyled, "text/html");
  for (const image of body.querySelectorAll("img")) image.remove();
  return body.innerHTML;
}

/** A list's signs are on the side that its text begins on. Of paragraphs the style sheet says so. */
const ListDirection = Extension.create({
  name: "listDirection",
  addGlobalAttributes: () => [
    { types: ["bulletList", "orderedList"], attributes: { dir: { default: "auto", parseHTML: () => "auto" } } },
  ],
});

/** As the letter has it. */
const htmlOf = (editor: Editor): string => withDirections(editor.getHTML().replaceAll(/<img data-src=/g, "<img src="));

/** Who reads it sees each paragraph begin on its own side too. */
function withDirections(html: string): string {
  if (!/[\u0590-\u08ff\ufb1d-\ufefc]/.test(html)) return html;
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const block of body.querySelectorAll<HTMLElement>(":scope > *")) block.dir = "auto";
  return body.innerHTML;
}

interface RichTextProps {
  writing: Writing;
  /** Between the text and the tools. */
  children: ReactNode;
}

export default function RichText({ writing, children }: RichTextProps) {
  const { t } = useTranslation();
  const html = useStore(writing.store, ({ letter }) => letter.html ?? "");
  const written = useRef(html);
  const editor = useEditor(
    {
      // The policy of the page allows no style elements: what it would put there is in rich-text.module.css.
      injectCSS: false,
      extensions: [
        StarterKit.configure({ link: { openOnClick: false } }),
        Signature,
        ListDirection,
        picturesOf(writing),
      ],
      content: html,
      editorProps: {
        attributes: { role: "textbox", "aria-multiline": "true", "aria-label": t("composing.text") },
        transformPastedHTML: cleanPasted,
        handlePaste: (_, { clipboardData }) => {
          const isText = clipboardData?.types.some((type) => type.startsWith("text/")) ?? false;
          return !isText && takePictures(clipboardData?.files);
        },
        handleDrop: (_, { dataTransfer }) => takePictures(dataTransfer?.files),
      },
      onUpdate: ({ editor }) => {
        written.current = htmlOf(editor);
        writing.edit({ html: written.current });
      },
    },
    [writing],
  );
  /** Only where all of them are: others are attached. */
  function takePictures(files: FileList | undefined): boolean {
    const pictures = [...(files ?? [])];
    if (pictures.length === 0 || !pictures.every(({ type }) => PICTURE.test(type))) return false;
    for (const picture of pictures) insertPicture(picture);
    return true;
  }
  function insertPicture(picture: File): void {
    const content_id = `${crypto.randomUUID()}@mailmesh`;
    writing.attach(picture, content_id);
    editor
      .chain()
      .focus()
      .setImage({ src: `cid:${content_id}`, alt: picture.name })
      .run();
  }
  useEffect(() => {
    // Somebody else changed it: another signature, a template.
    if (html === written.current) return;
    written.current = html;
    editor.commands.setContent(html, { emitUpdate: false });
  }, [html, editor]);
  return (
    <>
      <EditorContent editor={editor} className={styles.text} />
      {children}
      <RichTextBar editor={editor} writing={writing} onPicture={insertPicture} />
    </>
  );
}

const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;
