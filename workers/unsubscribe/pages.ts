/** What a person sees who leaves a list: plain HTML that loads and runs nothing. */
import { html, raw } from "hono/html";

interface Page {
  title: string;
  content: ReturnType<typeof html>;
}

export const nothingPage: Page = {
  title: "Nothing to unsubscribe from",
  content: html`<p>This link is not one of ours, or it is not whole. Open it from the message again.</p>`,
};

export const wrongRequestPage: Page = {
  title: "Not understood",
  content: html`<p>Open the link of the message and press the button there.</p>`,
};

export const askPage = (from: string, email: string): Page => ({
  title: "Unsubscribe?",
  content: html`<p>${email} gets mailings from ${from}.</p>
    <form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>`,
});

export const donePage = (from: string, email: string): Page => ({
  title: "Unsubscribed",
  content: html`<p>${email} gets no more mailings from ${from}.</p>`,
});

/** Nothing may be loaded, and no page around it may have the button pressed. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
  "cache-control": "no-store",
};

export async function page(status: number, { title, content }: Page): Promise<Response> {
  const text = await html`${raw("<!doctype html>")}<html lang="en">
    <head><meta name="viewport" content="width=device-width"><title>${title}</title></head>
    <body><h1>${title}</h1>${content}</body>
  </html>`;
  return new Response(text.toString(), { status, headers: HEADERS });
}
