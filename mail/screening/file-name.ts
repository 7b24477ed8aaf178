/** File names that make a system run what is in the file, and names that hide that they do. */
import type { FindingCode } from "./findings.ts";

export interface Sign {
  code: FindingCode;
  words: string;
}

/** What Gmail blocks, in archives too, and beside it what Windows runs or mounts on a double click. */
const PROGRAMS = new Set(
  `ade adp apk appx appxbundle bat cab chm cmd com cpl diagcab diagcfg diagpkg dll dmg ex ex_ exe hta img ins iso isp jar
  jnlp js jse lib lnk mde mjs msc msi msix msixbundle msp mst nsh pif ps1 scr sct shb sys vb vbe vbs vhd vhdx vxd wsc wsf
  wsh xll reg scf gadget application`.split(/\s+/),
);
const DOCUMENT =
  /\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|html?|jpe?g|png|gif|bmp|mp[34]|avi|wav|zip|rar|7z)[\s_]*$/i;

/** No file system takes a longer name. */
const MAX_NAME = 300;

/** Left-to-right and right-to-left override: `invoice\u202efdp.exe` reads as `invoiceexe.pdf`. */
const OVERRIDE = /[\u202d\u202e]/u;
/** As much blank as moves the true end of a name out of sight. */
const PADDING = /[\s\u3164\u2800]{20}/u;
/** Not shown, and dropped or ignored by who opens the file. */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu;

export function screenName(filename: string): Sign[] {
  const shown = JSON.stringify(filename.slice(-100).toWellFormed());
  const signs: Sign[] = [];
  const name = asOpened(filename);
  const dot = name.lastIndexOf(".");
  const [extension = ""] = name.slice(dot + 1).split(":");
  if (dot >= 0 && PROGRAMS.has(extension.trim().toLowerCase())) {
    const isHidden = DOCUMENT.test(name.slice(0, dot));
    signs.push(
      isHidden
        ? { code: "double_extension", words: `${shown} is named like a document and is a program` }
        : { code: "program_name", words: `${shown} has the name of a program` },
    );
  }
  if (OVERRIDE.test(filename)) signs.push({ code: "disguised_name", words: `${shown} is read in another direction` });
  else if (PADDING.test(name)) signs.push({ code: "disguised_name", words: `${shown} has its end out of sight` });
  return signs;
}

/** Without what is not seen, and without the dots and blanks at the end, which Windows drops: `a.exe. ` is `a.exe`. */
function asOpened(filename: string): string {
  const name = filename.replaceAll(UNSEEN, "");
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1]?.trim() === "")) end--;
  return name.slice(Math.max(0, end - MAX_NAME), end);
}
