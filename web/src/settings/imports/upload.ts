/**
 * Files on their way into the mailbox, part by part. They go on while their owner looks at other sections; the service
 * begins to read them by itself when the last byte is there.
 */
import { create } from "zustand";
import type { Import } from "../../../../contract/imports.ts";
import { ask, call, Unreachable } from "../../api/call.ts";
import { keys } from "../../api/keys.ts";
import { queryClient } from "../../api/query-client.ts";

/** Small enough that the bar moves and little is sent twice after a break. */
const PART = 4 * 1024 * 1024;
/** Milliseconds until a part is sent again that did not get through; a little longer each time. */
const BREAK = 2000;
const MOST_TRIES = 8;

interface Upload {
  /** From 0 to 1. */
  share: number;
  end: AbortController;
}

export const useUploads = create<{ uploads: Record<string, Upload> }>(() => ({ uploads: {} }));

/** Resolves with the import's id once it is announced; `finished` when all of the file is there, or it was given up. */
export async function upload(file: File): Promise<{ id: string; finished: Promise<void> }> {
  const started = await call<Import>("POST", "/imports", { body: { name: file.name, size: file.size } });
  // On its way before its line is shown, which would else say that it was interrupted.
  const finished = goOn(started, file);
  await queryClient.invalidateQueries({ queryKey: keys.imports });
  return { id: started.id, finished };
}

/** From the byte that the service has not. The file must be the one that the import was begun with. */
export async function goOn(begun: Pick<Import, "id" | "uploaded" | "next_part" | "part_size_max">, file: File) {
  const end = new AbortController();
  const show = (sent: number) =>
    useUploads.setState(({ uploads }) => ({ uploads: { ...uploads, [begun.id]: { share: sent / file.size, end } } }));
  addEventListener("beforeunload", warn);
  try {
    let [sent, n] = [begun.uploaded, begun.next_part];
    show(sent);
    while (sent < file.size) {
      const part = file.slice(sent, sent + Math.min(PART, begun.part_size_max));
      await sendPart(begun.id, n, part, end.signal);
      n += 1;
      sent += part.size;
      show(sent);
    }
  } finally {
    useUploads.setState(({ uploads: { [begun.id]: _, ...others } }) => ({ uploads: others }));
    if (Object.keys(useUploads.getState().uploads).length === 0) removeEventListener("beforeunload", warn);
    await queryClient.invalidateQueries({ queryKey: keys.imports });
  }
}

/** Sending a part twice changes nothing, so that one whose answer was lost is simply sent again. */
async function sendPart(id: string, n: number, part: Blob, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await ask("PUT", `/imports/${id}/parts/${n}`, {
        ...{ body: part, signal, headers: { "content-type": "application/octet-stream" } },
      });
      return;
    } catch (error) {
      if (!(error instanceof Unreachable) || tries === MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BREAK * tries));
      signal.throwIfAborted();
    }
  }
}

/** What was brought in already stays. */
export async function cancelImport(id: string): Promise<void> {
  useUploads.getState().uploads[id]?.end.abort();
  await call("DELETE", `/imports/${id}`);
  await queryClient.invalidateQueries({ queryKey: keys.imports });
}

/** The browser asks before the page is left, since the upload would end with it. */
const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
