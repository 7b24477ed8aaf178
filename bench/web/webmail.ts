/** A webmail as the marks see it, whoever made it. */
import type { Browser, BrowserContext, Page } from "playwright-core";

export const VIEWPORT = { width: 1280, height: 800 };

export interface Webmail {
  name: string;
  /** Its inbox. */
  url: string;
  /** A fresh profile in which somebody is signed in, and nothing else of it is in the browser. */
  newProfile(browser: Browser): Promise<BrowserContext>;
  /** In the page, true when rows of messages are shown. */
  isListed: string;
  /** Opens what stands in the nth row that is shown, by the mouse. */
  open(page: Page, row: number): Promise<void>;
  /** In the page, true when what was opened last is shown whole. */
  isOpened: string;
  /** Archives what is open, by a key where there is one. */
  archive(page: Page): Promise<void>;
  /** In the page: what stands in the list, which changes when something is archived. */
  listed: string;
  /** In the page: what is scrolled, and how many rows there have been up to its end. */
  scroller: string;
  rowsSoFar: string;
  close(): Promise<void>;
}
