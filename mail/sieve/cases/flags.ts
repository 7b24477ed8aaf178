// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Sieve writes its variables so.
/** RFC 5232: flags of IMAP. */
import { type Case, fails, holds, run } from "./case.ts";

const flagged = (name: string, script: string, expected: string[]): Case =>
  run(
    name,
    `require ["imap4flags", "variables", "fileinto", "relational", "comparator-i;ascii-numeric"];\n${script}`,
    expected,
  );

const when = (test: string): string => `if ${test} { discard; }`;

export const FLAGS: Case[] = [
  flagged("RFC 5232 §3.1: setflag, and the implicit keep has it", 'setflag "\\\\Seen";', ["keep \\Seen"]),
  flagged("RFC 5232 §3.1: setflag replaces", 'setflag "a"; setflag "b";', ["keep b"]),
  flagged("RFC 5232 §3.1: a list", 'setflag ["\\\\Seen", "todo"];', ["keep \\Seen todo"]),
  flagged("RFC 5232 §2: flags between spaces", 'setflag "a b  c";', ["keep a b c"]),
  flagged("RFC 5232 §2: each once, whatever its case", 'setflag ["Todo", "todo", "\\\\SEEN \\\\seen"];', [
    "keep Todo \\Seen",
  ]),
  flagged("RFC 5232 §2: what is no flag is left out", 'setflag ["\\\\Nonsense", "a(b", "ok"];', ["keep ok"]),
  flagged("RFC 5232 §3.2: addflag adds", 'setflag "a"; addflag ["b", "a"];', ["keep a b"]),
  flagged("RFC 5232 §3.3: removeflag takes away", 'setflag ["a", "b", "c"]; removeflag "B";', ["keep a c"]),
  flagged("RFC 5232 §3.3: what is not there stays away", 'removeflag "b";', ["keep"]),
  flagged("RFC 5232 §3: no flag at all", 'addflag "a"; setflag "";', ["keep"]),
  flagged(
    "RFC 5232 §3: a variable of flags",
    'setflag "mine" "a"; addflag "mine" "b"; fileinto :flags "${mine}" "x";',
    ["fileinto x a b"],
  ),
  flagged("RFC 5232 §3: which is not the internal one", 'addflag "mine" "a"; addflag "b";', ["keep b"]),
  run("RFC 5232 §3: a variable needs variables", 'require "imap4flags"; setflag "mine" "a";', {
    refused: 'a variable of setflag needs require "variables"',
  }),
  run("RFC 5232 §3: it must be required", 'setflag "a";', { refused: '1:1 setflag needs require "imap4flags"' }),
  flagged("RFC 5232 §4: hasflag", `addflag "a"; ${when('hasflag "A"')}`, ["discard"]),
  flagged("RFC 5232 §4: any of a list", `addflag "a"; ${when('hasflag ["b", "a"]')}`, ["discard"]),
  flagged("RFC 5232 §4: or of a text", `addflag "a"; ${when('hasflag "b a"')}`, ["discard"]),
  flagged("RFC 5232 §4: none", `addflag "a"; ${when('not hasflag "b"')}`, ["discard"]),
  flagged("RFC 5232 §4: a part", `addflag "$label1"; ${when('hasflag :contains "label"')}`, ["discard"]),
  flagged("RFC 5232 §4: a pattern", `addflag "$label1"; ${when('hasflag :matches "*1"')}`, ["discard"]),
  flagged("RFC 5232 §4: of a variable", `addflag "mine" "a"; ${when('hasflag "mine" "a"')}`, ["discard"]),
  flagged("RFC 5232 §4: of several", `addflag "mine" "a"; ${when('hasflag ["other", "mine"] "a"')}`, ["discard"]),
  flagged(
    "RFC 5232 §4: how many",
    `addflag "a b c"; ${when('hasflag :count "eq" :comparator "i;ascii-numeric" "3"')}`,
    ["discard"],
  ),
  flagged("RFC 5232 §5: keep with flags of its own", 'addflag "a"; keep :flags "b";', ["keep b"]),
  flagged("RFC 5232 §5: with none", 'addflag "a"; keep :flags "";', ["keep"]),
  flagged("RFC 5232 §5: fileinto has the internal ones", 'addflag "a"; fileinto "x";', ["fileinto x a"]),
  flagged(
    "RFC 5232 §5: as they are at that time",
    'addflag "a"; fileinto "x"; addflag "b"; fileinto "y"; removeflag "a"; keep;',
    ["fileinto x a", "fileinto y a b", "keep b"],
  ),
  flagged("RFC 5232 §5: the last in a folder counts", 'fileinto :flags "a" "x"; fileinto :flags "b" "x";', [
    "fileinto x b",
  ]),
  run("RFC 5232 §5: :flags must be required", 'keep :flags "a";', { refused: '1:6 :flags needs require "imap4flags"' }),
  holds("RFC 5232 §4: no flags at the begin", "imap4flags", 'not hasflag :contains ""'),
  fails("RFC 5232 §4: a key that is empty is none", "imap4flags", 'hasflag ""'),
];
