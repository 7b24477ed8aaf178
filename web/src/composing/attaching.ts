/** The files of a letter: on their way up while it is written. */
import type { StoreApi } from "zustand/vanilla";
import { MAX_UPLOAD_BYTES } from "../../../contract/limits.ts";
import { call } from "../api/call.ts";
import { i18n } from "../language/i18n.ts";
import { sizeInWords } from "../language/sizes.ts";
import { writingFiles } from "./images.ts";
import { forgetFile, type KeptFile, keepFile, keptFile } from "./kept.ts";
import type { Attached, Letter } from "./letter.ts";
import { mediaTypeOf, upload } from "./upload.ts";
import type { WritingState } from "./writing.ts";

/** Of a file that is not up yet. */
export interface OnItsWay {
  sent: number;
  /** Why it will not arrive. */
  complaint: string | null;
}

export interface Attaching {
  /** `content_id`: of a picture that the text shows. */
  attach(file: File, content_id?: string): void;
  /** Also while it is on its way. */
  detach(attached: Attached): void;
  /** Whether all of them are up, once none is on its way. */
  settled(): Promise<boolean>;
  /** Those that an earlier page had not brought up. */
  resume(): Promise<void>;
  stop(): void;
}

export function createAttaching(
  key: string,
  store: StoreApi<WritingState>,
  edit: (change: Partial<Letter>) => void,
): Attaching {
  const running = new Map<string, { stop: AbortController; done: Promise<void> }>();
  const attachments = () => store.getState().letter.attachments;
  const showProgress = (attached: string, way: OnItsWay | null) =>
    store.setState(({ uploads: { [attached]: _, ...others } }) => ({
      uploads: way === null ? others : { ...others, [attached]: way },
    }));

  function begin(attached: Attached, { file, upload_id }: KeptFile): void {
    const stop = new AbortController();
    showProgress(attached.key, { sent: 0, complaint: null });
    const up = upload(file, {
      ...{ signal: stop.signal, upload_id },
      onBegun: (id) => void keepFile(key, attached.key, { file, upload_id: id }),
      onProgress: (sent) => showProgress(attached.key, { sent, complaint: null }),
    });
    const done = up
      .then((id) => {
        edit({ attachments: attachments().map((one) => (one.key === attached.key ? withUpload(one, id) : one)) });
        showProgress(attached.key, null);
        return forgetFile(key, attached.key);
      })
      .catch((error: Error) => {
        if (!stop.signal.aborted) showProgress(attached.key, { sent: 0, complaint: error.message });
      })
      .finally(() => running.delete(attached.key));
    running.set(attached.key, { stop, done });
  }

  return {
    attach(file, content_id) {
      const { name, size } = file;
      const attached: Attached = {
        ...{ key: crypto.randomUUID(), filename: name || "file", content_type: mediaTypeOf(file), size, source: null },
        content_id: content_id ?? null,
      };
      const complaint = complaintAbout(size);
      edit({ attachments: [...attachments(), attached] });
      if (complaint !== null) return showProgress(attached.key, { sent: 0, complaint });
      void keepFile(key, attached.key, { file, upload_id: null });
      if (attached.content_id !== null) writingFiles.set(attached.key, file);
      begin(attached, { file, upload_id: null });
    },
    detach(attached) {
      running.get(attached.key)?.stop.abort();
      showProgress(attached.key, null);
      edit({ attachments: attachments().filter((one) => one.key !== attached.key) });
      void dropUpload(attached);
    },
    async settled() {
      await Promise.all(Array.from(running.values(), ({ done }) => done));
      return attachments().every(({ source }) => source !== null);
    },
    async resume() {
      for (const attached of attachments().filter(({ source }) => source === null)) {
        const kept = await keptFile(key, attached.key);
        if (kept) begin(attached, kept);
        else showProgress(attached.key, { sent: 0, complaint: i18n.t("composing.fileGone") });
      }
    },
    stop() {
      for (const { stop } of running.values()) stop.abort();
    },
  };

  /** What cannot be dropped goes by itself, after a day. */
  async function dropUpload({ key: attached, source }: Attached): Promise<void> {
    const kept = await keptFile(key, attached);
    const id = source !== null && "upload_id" in source ? source.upload_id : kept?.upload_id;
    await forgetFile(key, attached);
    if (id) await call("DELETE", `/uploads/${id}`).catch(() => {});
  }
}

const withUpload = (attached: Attached, upload_id: Awaited<ReturnType<typeof upload>>): Attached => ({
  ...attached,
  source: { upload_id },
});

function complaintAbout(size: number): string | null {
  if (size === 0) return i18n.t("composing.fileEmpty");
  if (size <= MAX_UPLOAD_BYTES) return null;
  return i18n.t("composing.fileTooLarge", { most: sizeInWords(MAX_UPLOAD_BYTES, i18n.language) });
}
