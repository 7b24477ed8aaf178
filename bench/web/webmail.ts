/** A webmail as the marks see it, whoever made it. */
import type { Browser, BrowserContext, Page } from "playwright-core";

export const VIEWPORT = { width: 1280, height: 800 };

export interface Webmail {
  name: string;
  /** What is measured: version, and what is special about its setup. */
  about: string[];
  /** Its inbox. */
  url: string;
  /** A fresh profile in which somebody is signed in, and nothing else of it is in the browser. */
  newProfile(browser: Browser): Promise<BrowserContext>;
  /** In the page, true when rows of messages are shown. */
  isListed: string;
  /** Opens the nth message of the list, which is in view, by the mouse. */
  open(page: Page, row: number): Promise<void>;
  /** In the page: a name of the message that was opened last, once it is shown whole; null until then. */
  opened: string;
  /** Archives what is open, by a key where there is one. */
  archive(page: Page): Promise<void>;
  /** In the page: what stands in the list, which changes when something is archived. */
  listed: string;
  /** In the page: what is scrolled. */
  scroller: string;
  /** Pixels. */
  rowHeight: number;
  /** In the page: how many rows there have been up to the end of what is in view. Left out where the list comes in pages. */
  rowsSoFar?: string;
  close(): Promise<void>;
}
