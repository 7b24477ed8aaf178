/** What the page and the frame of a letter (letter.ts) say to each other. */

export interface Letter {
  html: string;
  /** What the frame is called, in the reader's language. */
  title: string;
  /** What a quote that is folded is called. */
  quoted: string;
}

export type Pressed = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** `ready`: it waits for its letter. `height`: what the letter would like, in pixels. `mailto`: an address was clicked. */
export type Told = "ready" | { height: number } | { pressed: Pressed } | { mailto: string };

const isObject = (data: unknown): data is object => typeof data === "object" && data !== null;

const FIELDS = ["html", "title", "quoted"] as const;
export const isLetter = (data: unknown): data is Letter =>
  isObject(data) && FIELDS.every((field) => typeof Reflect.get(data, field) === "string");

export const isHeight = (data: unknown): data is { height: number } =>
  isObject(data) && "height" in data && typeof data.height === "number" && data.height >= 0;

export const isPressed = (data: unknown): data is { pressed: Pressed } =>
  isObject(data) && "pressed" in data && isObject(data.pressed) && "key" in data.pressed;

export const isMailto = (data: unknown): data is { mailto: string } =>
  isObject(data) && "mailto" in data && typeof data.mailto === "string";
