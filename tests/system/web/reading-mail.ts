/** Mail of every kind that the reading room shows, made up. */
import MailComposer, { type Options } from "nodemailer/lib/mail-composer/index.js";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";

/** As it travels. From Ines to Alice, where nothing else is said. */
export const compose = (mail: Options): Promise<Buffer> =>
  new MailComposer({
    from: "Ines Carvalho <ines@river.example>",
    to: "Alice <alice@mesh.test>",
    messageId: `<${crypto.randomUUID()}@river.example>`,
    ...mail,
  })
    .compile()
    .build();

/** A red square. */
export function aPicture(size = 120): Buffer {
  const png = new PNG({ width: size, height: size });
  for (let at = 0; at < png.data.length; at += 4) png.data.set([190, 40, 50, 255], at);
  return PNG.sync.write(png);
}

/** A tenth of a second of silence. */
export function aSound(): Buffer {
  const samples = 800;
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}

/** Less than a second of red, 64 pixels wide, recorded by the browser that is to show it. */
export async function aFilm(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate<number[]>(`(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
    const context = canvas.getContext("2d");
    context.fillStyle = "red";
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm;codecs=vp8" });
    const recorded = new Promise((resolve) => { recorder.ondataavailable = ({ data }) => resolve(data); });
    recorder.start();
    for (let n = 0; n < 5; n++) {
      context.fillRect(n, 0, 64, 48);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    return [...new Uint8Array(await (await recorded).arrayBuffer())];
  })()`);
  return Buffer.from(bytes);
}

/** One page of A4 that says something, and would run a script when it is opened. */
export function aPdf(words: string): Buffer {
  const drawn = `BT /F1 24 Tf 72 720 Td (${words}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, n) => {
    const at = text.length;
    text += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
  return Buffer.from(
    `${text}${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`,
  );
}

export const anInvitation = [
  ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//River//EN", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:1@river.example"],
  ...["DTSTAMP:20270501T080000Z", "DTSTART:20270512T090000Z", "DTEND:20270512T103000Z", "SUMMARY:Clearing the weir"],
  ...["LOCATION:North gate", "ORGANIZER;CN=Ines Carvalho:mailto:ines@river.example"],
  ...["ATTENDEE;CN=Alice;PARTSTAT=NEEDS-ACTION:mailto:alice@mesh.test"],
  ...["ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:bob@mesh.test", "END:VEVENT", "END:VCALENDAR", ""],
].join("\r\n");
