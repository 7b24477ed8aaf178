/** A PDF, page by page as they are scrolled to. Its scripts, forms and links are not run: only its pages are drawn. */
import { useQuery } from "@tanstack/react-query";
import { getDocument, type PDFDocumentProxy, PDFWorker } from "pdfjs-dist";
import workerAddress from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./attachment-preview.module.css";
import type { PreviewProps } from "./attachment-preview.tsx";

/** Of more pages only these: the file has them all. */
const MOST_PAGES = 200;

export default function PdfPreview({ id, bytes, name }: PreviewProps) {
  const { t } = useTranslation();
  const { data: pdf, error } = useQuery({
    queryKey: ["pdf", id],
    queryFn: () => open(bytes),
    gcTime: 0,
    // A document is no plain data.
    structuralSharing: false,
  });
  useEffect(() => () => pdf && void close(pdf), [pdf]);
  if (error) return <p role="alert">{t("reading.cannotShow")}</p>;
  if (pdf === undefined) return <div className={styles.waiting} aria-busy />;
  const pages = Array.from({ length: Math.min(pdf.numPages, MOST_PAGES) }, (_, n) => n + 1);
  return (
    <section className={styles.pages} aria-label={name}>
      {pages.map((n) => (
        <Page key={n} pdf={pdf} n={n} />
      ))}
      {pdf.numPages > MOST_PAGES && <p>{t("reading.cut")}</p>}
    </section>
  );
}

async function open(bytes: Blob): Promise<PDFDocumentProxy> {
  const data = new Uint8Array(await bytes.arrayBuffer());
  return getDocument({ data, worker: ownWorker(), useWasm: false, useWorkerFetch: false, enableXfa: false }).promise;
}

/** One for all documents, as long as the page is there: starting it costs more than drawing. */
let worker: PDFWorker | undefined;
function ownWorker(): PDFWorker {
  worker ??= PDFWorker.create({ port: new Worker(workerAddress, { type: "module" }) });
  return worker;
}

async function close(pdf: PDFDocumentProxy): Promise<void> {
  await pdf.loadingTask.destroy();
}

/** An A4 page, until it is known better. */
const A4 = { width: 794, height: 1123 };

function Page({ pdf, n }: { pdf: PDFDocumentProxy; n: number }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [text, setText] = useState("");
  useEffect(() => {
    const place = canvas.current;
    if (place === null) return;
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return;
        seen.disconnect();
        void draw(pdf, n, place).then(setText, () => setText(""));
      },
      { rootMargin: "100%" },
    );
    seen.observe(place);
    return () => seen.disconnect();
  }, [pdf, n]);
  return (
    <canvas ref={canvas} {...A4} className={styles.page} aria-label={t("reading.page", { n })}>
      {text}
    </canvas>
  );
}

/** Draws it, and resolves with what it says, for those who listen to it. */
async function draw(pdf: PDFDocumentProxy, n: number, canvas: HTMLCanvasElement): Promise<string> {
  const page = await pdf.getPage(n);
  const width = Math.min(900, canvas.parentElement?.clientWidth ?? A4.width);
  const viewport = page.getViewport({ scale: (width / page.getViewport({ scale: 1 }).width) * devicePixelRatio });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  canvas.style.inlineSize = `${width}px`;
  await page.render({ canvas, viewport }).promise;
  const { items } = await page.getTextContent();
  return items.map((item) => ("str" in item ? item.str : "")).join(" ");
}
