/** File names that make a system run what is in the file, and names that hide that they do. */
import type { FindingCode } from "./findings.ts";

export interface Sign {
  code: FindingCode;
  /** What is true of the file: "is a program". */
  words: string;
}

/** What Gmail blocks, in archives too, and beside it what Windows runs or mounts on a double click. */
const PROGRAMS = new Set(
  `ade adp apk appx appxbundle cab chm com cpl diagcab diagcfg diagpkg dll dmg ex ex_ exe img ins iso isp jar jnlp lib
  lnk mde msc msi msix msixbundle msp mst nsh pif scr shb sys vhd vhdx vxd xll scf gadget application
  appref-ms library-ms search-ms searchconnector-ms settingcontent-ms xbap`.split(/\s+/),
);
const SCRIPTS = new Set(
  "bat cmd command hta inf js jse mjs ps1 ps1xml psm1 pyz pyzw reg sct vb vbe vbs ws wsc wsf wsh".split(" "),
);
const DOCUMENT =
  /\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|html?|jpe?g|png|gif|bmp|mp[34]|avi|wav|zip|rar|7z)[\s_]*$/i;

/** No file system takes a longer name. */
const MAX_NAME = 300;

/** Left-to-right and right-to-left override: `invoice\u202efdp.exe` reads as `invoiceexe.pdf`. */
const OVERRIDE = /[\u202d\u202e]/u;
/** Programs written in C end a name there: `run.js\0.pdf` is `run.js` to them. */
const END_OF_TEXT = "\0";
/** As much blank as moves the true end of a name out of sight. */
const PADDING = /[\s\u3164\u2800]{20}/u;
/** Not shown, and dropped or ignored by who opens the file. */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu;

export function screenName(filename: string): Sign[] {
  const signs: Sign[] = [];
  const name = asOpened(filename);
  const dot = name.lastIndexOf(".");
  const extension = extensionOf(filename);
  if (PROGRAMS.has(extension) || SCRIPTS.has(extension)) {
    const kind = PROGRAMS.has(extension) ? "program" : "script";
    if (DOCUMENT.test(name.slice(0, dot))) {
      const code = kind === "program" ? "double_extension" : "script_double_extension";
      signs.push({ code, words: `is named like a document and is a ${kind}` });
    } else signs.push({ code: `${kind}_name`, words: `has the name of a ${kind}` });
  }
  if (OVERRIDE.test(filename))
    signs.push({ code: "disguised_name", words: "has a name that is read in another direction" });
  else if (filename.includes(END_OF_TEXT))
    signs.push({ code: "disguised_name", words: "has a name that ends before its end" });
  else if (PADDING.test(name)) signs.push({ code: "disguised_name", words: "has a name whose end is out of sight" });
  return signs;
}

/** In lower case and without the dot; empty where there is none. What follows a colon is no part of the name (NTFS). */
export function extensionOf(filename: string): string {
  const name = asOpened(filename);
  const dot = name.lastIndexOf(".");
  const [extension = ""] = dot < 0 ? [] : name.slice(dot + 1).split(":");
  return extension.trim().toLowerCase();
}

/** Without what is not seen, and without the dots and blanks at the end, which Windows drops: `a.exe. ` is `a.exe`. */
function asOpened(filename: string): string {
  const name = filename.replaceAll(UNSEEN, "");
  let end = name.length;
  while (end > 0 && (name[end - 1] === "." || name[end - 1]?.trim() === "")) end--;
  return name.slice(Math.max(0, end - MAX_NAME), end);
}
