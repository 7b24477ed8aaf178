/** Messages with attachments, of any content and number. */

export interface AnAttachment {
  filename: string;
  content: Uint8Array;
  type: string;
}

export function letterOf(...attachments: AnAttachment[]): Uint8Array<ArrayBuffer> {
  const parts = attachments.map(({ filename, content, type }) =>
    [
      `Content-Type: ${type}`,
      `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(filename.toWellFormed())}`,
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(content)
        .toString("base64")
        .replaceAll(/.{76}(?=.)/g, "$&\r\n"),
    ].join("\r\n"),
  );
  const header = `From: Zoe <zoe@far.example>\r\nTo: a@mesh.test\r\nSubject: Files\r\nMessage-ID: <${crypto.randomUUID()}@far.example>\r\nDate: Tue, 24 Nov 2026 03:00:00 +0000\r\nMIME-Version: 1.0\r\n`;
  const all = ["Content-Type: text/plain\r\n\r\nSee the files.", ...parts].map((part) => `--b\r\n${part}\r\n`);
  return new Uint8Array(
    Buffer.from(`${header}Content-Type: multipart/mixed; boundary=b\r\n\r\n${all.join("")}--b--\r\n`),
  );
}
