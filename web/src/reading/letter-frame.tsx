/** A message's HTML, in a frame of its own: see letter.ts. As high as the message is. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AddressInput } from "../../../contract/addresses.ts";
import type { Message } from "../../../contract/messages.ts";
import { Unreachable } from "../api/call.ts";
import { useComposers } from "../composing/composers.ts";
import { withInlineImages } from "./inline-images.ts";
import { isHeight, isMailto, isPressed, type Letter } from "./letter-messages.ts";
import { proxiedQuery } from "./queries.ts";
import styles from "./reading.module.css";
import { RemoteImages } from "./remote-images.tsx";
import { frameIn, keepSpare } from "./spare-frame.ts";

/** A message can say that it is as high as it likes; beyond this it is scrolled within its frame. */
const HIGHEST = 30_000;

export function LetterFrame({ message }: { message: Message }) {
  const [isAsked, setAsked] = useState(false);
  const withImages = message.remote_images > 0 && (isAsked || message.shows_images);
  const { data: proxied, error } = useQuery({ ...proxiedQuery(message.id), enabled: withImages });
  // Without them where they cannot be had, and until they are there for who asked just now.
  const html = (withImages ? proxied?.body_html : null) ?? message.body_html ?? "";
  const isWaiting = withImages && !isAsked && proxied === undefined && error === null;
  return (
    <>
      {message.remote_images > 0 && (
        <RemoteImages message={message} areShown={withImages && error === null} onShow={() => setAsked(true)} />
      )}
      {error && !(error instanceof Unreachable) && (
        <p role="alert" className={styles.note}>
          {error.message}
        </p>
      )}
      {isWaiting ? <div className={styles.waiting} aria-busy /> : <Frame key={html} message={message} html={html} />}
    </>
  );
}

function Frame({ message: { id, attachments }, html }: { message: Message; html: string }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number>();
  const title = t("reading.letter");
  const quoted = t("reading.quoted");
  const give = useEffectEvent(async (frame: HTMLIFrameElement) => {
    frame.title = title;
    const letter: Letter = { html: await withInlineImages(id, html, attachments), title, quoted };
    frame.contentWindow?.postMessage(letter, location.origin);
  });
  useLayoutEffect(() => {
    if (place.current === null) return;
    const { frame, isReady } = frameIn(place.current);
    const hear = ({ source, data, origin }: MessageEvent<unknown>) => {
      if (source !== frame.contentWindow || origin !== location.origin) return;
      if (data === "ready") void give(frame);
      else if (isHeight(data)) setHeight(Math.min(HIGHEST, data.height));
      else if (isMailto(data)) useComposers.getState().openNew(addressesIn(data.mailto));
      else if (isPressed(data)) frame.dispatchEvent(keyDown(data.pressed));
    };
    addEventListener("message", hear);
    if (isReady) void give(frame);
    return () => {
      removeEventListener("message", hear);
      frame.remove();
    };
  }, []);
  // When this letter is there, for the next one.
  useEffect(() => {
    if (height !== undefined) keepSpare();
  }, [height]);
  return (
    <div ref={place} aria-busy={height === undefined} className={styles.frame} style={{ blockSize: height ?? 160 }} />
  );
}

/** As if it had been pressed on the page, so that whoever listens for keys there hears it. */
const keyDown = (pressed: KeyboardEventInit): KeyboardEvent =>
  new KeyboardEvent("keydown", { ...pressed, bubbles: true, cancelable: true });

const MOST_ADDRESSES = 20;

/** Whom a link of a stranger's would have written to. Its subject and text are his, and not taken. */
function addressesIn(mailto: string): AddressInput[] {
  const [, addresses = ""] = /^mailto:([^?#]*)/i.exec(mailto) ?? [];
  return addresses
    .split(",")
    .map((part) => ({ name: "", email: decoded(part).trim() }))
    .filter(({ email }) => /^\S+@\S+$/.test(email))
    .slice(0, MOST_ADDRESSES);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
