import { type ClipboardEvent, type DragEvent, useState } from "react";
import type { Writing } from "./writing.ts";

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes("Files");

/** Files that are dropped anywhere on a composer, or pasted into it. */
export function useTakeFiles(writing: Writing) {
  const [isOver, setOver] = useState(false);
  const take = (files: FileList) => {
    for (const file of files) writing.attach(file);
  };
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    },
    onDragLeave(event: DragEvent<HTMLElement>) {
      const { relatedTarget, currentTarget } = event;
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
    },
    onDrop(event: DragEvent) {
      setOver(false);
      if (!hasFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      take(event.dataTransfer.files);
    },
    onPaste(event: ClipboardEvent) {
      // Office programs put a picture of the text beside the text.
      const isText = event.clipboardData.types.some((type) => type.startsWith("text/"));
      if (event.defaultPrevented || isText || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      take(event.clipboardData.files);
    },
  };
  return { isOver, handlers };
}
