/**
 * What kind of file an attachment is: by its media type, or, where programs call everything application/octet-stream, by
 * the end of its name.
 */
import { type SQL, sql } from "drizzle-orm";
import type { AttachmentKind } from "../../mail/query/query.ts";

const OFFICE = "application/vnd.openxmlformats-officedocument";
const OASIS = "application/vnd.oasis.opendocument";

/** Types that end in a slash stand for all that begin so. */
const KINDS: Record<AttachmentKind, { types: string[]; endings: string[] }> = {
  image: {
    types: ["image/"],
    endings: ["jpg", "jpeg", "png", "gif", "webp", "heic", "avif", "svg", "tif", "tiff", "bmp"],
  },
  audio: { types: ["audio/"], endings: ["mp3", "m4a", "wav", "ogg", "opus", "flac", "aac"] },
  video: { types: ["video/"], endings: ["mp4", "mov", "m4v", "webm", "mkv", "avi", "mpg", "mpeg"] },
  pdf: { types: ["application/pdf"], endings: ["pdf"] },
  document: {
    types: [
      "application/msword",
      `${OFFICE}.wordprocessingml.document`,
      `${OASIS}.text`,
      "application/rtf",
      "text/rtf",
    ],
    endings: ["doc", "docx", "odt", "rtf", "pages"],
  },
  spreadsheet: {
    types: ["application/vnd.ms-excel", `${OFFICE}.spreadsheetml.sheet`, `${OASIS}.spreadsheet`, "text/csv"],
    endings: ["xls", "xlsx", "ods", "csv", "numbers"],
  },
  presentation: {
    types: ["application/vnd.ms-powerpoint", `${OFFICE}.presentationml.presentation`, `${OASIS}.presentation`],
    endings: ["ppt", "pptx", "odp", "key"],
  },
};

/**
 * Whether one of the attachments of the message `f` is of that kind. Reading JSON is dear where thousands of messages
 * are asked, so its text is looked through first.
 */
export function isOfKind(kind: AttachmentKind): SQL {
  const { types, endings } = KINDS[kind];
  const hints = [...types, ...endings.map((ending) => `.${ending}"`)].map(
    (hint) => `instr(lower(f.attachments), '${hint}') > 0`,
  );
  const tests = [
    ...types.map((type) => beginsOrIs("lower(json_extract(a.value, '$.content_type'))", type)),
    ...endings.map(
      (ending) => `lower(substr(json_extract(a.value, '$.filename'), -${ending.length + 1})) = '.${ending}'`,
    ),
  ];
  return sql.raw(`(${hints.join(" OR ")}) AND EXISTS (SELECT 1 FROM json_each(f.attachments) a
    WHERE json_extract(a.value, '$.disposition') = 'attachment' AND (${tests.join(" OR ")}))`);
}

const beginsOrIs = (value: string, type: string): string =>
  type.endsWith("/") ? `substr(${value}, 1, ${type.length}) = '${type}'` : `${value} = '${type}'`;
