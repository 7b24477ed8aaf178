// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Sieve writes its variables so.
/** RFC 5229: variables, modifiers, what a match took, and the test of strings. */
import { type Case, run } from "./case.ts";

/** What becomes of a text is seen by the folder that it names. */
const gives = (name: string, script: string, expected: string | Case["expected"], options = {}): Case =>
  run(
    name,
    `require ["variables", "fileinto", "envelope", "relational", "comparator-i;ascii-numeric"];\n${script}`,
    typeof expected === "string" ? [`fileinto ${expected}`] : expected,
    options,
  );

const set = (value: string, modifiers = ""): string => `set ${modifiers} "v" "${value}"; fileinto "[\${v}]";`;

export const VARIABLES: Case[] = [
  gives("RFC 5229 §3: a variable is put in", 'set "a" "x"; fileinto "${a}/${A}";', "x/x"),
  gives("RFC 5229 §3: one that was not set is empty", 'fileinto "a${b}c";', "ac"),
  gives("RFC 5229 §3: what is no reference stays", 'set "a" "x"; fileinto "${a b}${}${-}$a${a";', "${a b}${}${-}$a${a"),
  gives(
    "RFC 5229 §3: what was put in is not looked at again",
    'set "a" "${"; set "b" "a}"; set "x" "1"; fileinto "${a}${b}";',
    "${a}",
  ),
  gives(
    "RFC 5229 §3: a namespace must be known",
    'fileinto "${foo.bar}";',
    {
      refused: "there is no namespace of variables for foo.bar",
    },
    { apart: "Pigeonhole takes it for empty" },
  ),
  gives("RFC 5229 §3: in names of fields", 'set "f" "words"; if header "x-${f}" "none" { fileinto "yes"; }', "yes"),
  gives("RFC 5229 §3: and in keys", 'set "k" "none"; if header "x-words" "${k}" { fileinto "yes"; }', "yes"),
  gives(
    "RFC 5229 §3: in a text of many lines",
    'set "a" "x";\nset "b" text:\n<${a}>\n.\n; if string "${b}" "<x>\r\n" { fileinto "yes"; }',
    "yes",
  ),
  run("RFC 5229 §3: without require it is text", 'require "fileinto"; fileinto "${a}";', ["fileinto ${a}"]),
  gives("RFC 5229 §4: a name must be one", 'set "a-b" "x";', { refused: '"a-b" is no name of a variable' }),
  gives("RFC 5229 §4: a match cannot be set", 'set "1" "x";', { refused: '"1" is no name of a variable' }),
  gives("RFC 5229 §4: a name holds no variable", 'set "a${b}" "x";', {
    refused: "the name of a variable cannot hold a variable",
  }),
  gives("RFC 5229 §4: a variable of itself", 'set "a" "x"; set "a" "${a}${a}"; fileinto "${a}";', "xx"),
  gives("RFC 5229 §4.1.1: :lower", set("jUMBlEd", ":lower"), "[jumbled]"),
  gives("RFC 5229 §4.1.1: :upper", set("jUMBlEd", ":upper"), "[JUMBLED]"),
  gives("RFC 5229 §4.1.2: :lowerfirst", set("JUMBLED", ":lowerfirst"), "[jUMBLED]"),
  gives("RFC 5229 §4.1.2: :upperfirst after :lower", set("jUMBlEd", ":upperfirst :lower"), "[Jumbled]"),
  gives("RFC 5229 §4.1.3: :quotewildcard", set("Rock*?\\\\", ":quotewildcard"), "[Rock\\*\\?\\\\]"),
  gives("RFC 5229 §4.1.4: :length", set("Ünï", ":length"), "[3]"),
  gives("RFC 5229 §4.1.4: :length of nothing", set("", ":length"), "[0]"),
  gives("RFC 5229 §4.1.4: :length comes last", set("a*b", ":length :quotewildcard"), "[4]"),
  gives("RFC 5229 §4.1: two of a kind", set("x", ":lower :upper"), {
    refused: ":upper and :lower cannot be given together",
  }),
  gives(
    "RFC 5229 §3.2: what a pattern took",
    'if header :matches "subject" "*[*]*" { fileinto "${1}|${2}|${3}"; }',
    "Hello World |list| *urgent*",
  ),
  gives("RFC 5229 §3.2: ${0} is the whole", 'if header :matches "x-words" "n*" { fileinto "${0}"; }', "none"),
  gives("RFC 5229 §3.2: stars take little", 'if header :matches "x-folded" "*o*" { fileinto "${1}|${2}"; }', "|ne two"),
  gives("RFC 5229 §3.2: ? takes one", 'if header :matches "x-words" "n??e" { fileinto "${1}|${2}"; }', "o|n"),
  gives(
    "RFC 5229 §3.2: the case is kept",
    'if header :matches "subject" "HELLO *" { fileinto "${1}"; }',
    "World [list] *urgent*",
  ),
  gives(
    "RFC 5229 §3.2: what did not match changes nothing",
    'if header :matches "x-words" "n*" { if header :matches "subject" "z*" { } fileinto "${1}"; }',
    "one",
  ),
  gives(
    "RFC 5229 §3.2: the last match counts",
    'if header :matches "x-words" "n*" { } if header :matches "x-folded" "one *" { } fileinto "${1}";',
    "two",
  ),
  gives("RFC 5229 §3.2: a later number is empty", 'if header :matches "x-words" "n*" { fileinto "x${2}${9}"; }', "x"),
  gives("RFC 5229 §3.2: zeros before a number", 'if header :matches "x-words" "n*" { fileinto "${01}"; }', "one"),
  gives("RFC 5229 §3.2: numbers have an end", 'fileinto "x${99}";', "x"),
  gives(
    "RFC 5229 §3.2: of addresses",
    'if address :localpart :matches "from" "*+*" { fileinto "${2}/${1}"; }',
    "news/ann",
  ),
  gives("RFC 5229 §3.2: of the envelope", 'if envelope :matches "to" "*@*" { fileinto "${1}"; }', "bob+work"),
  gives(
    "RFC 5229 §3.2: :contains takes nothing",
    'if header :matches "x-words" "n*" { if header :contains "subject" "World" { fileinto "${1}"; } }',
    "one",
  ),
  gives(
    "RFC 5229 §3.2: allof stops where it fails",
    'if allof(header :matches "x-words" "n*", exists "x-none", header :matches "x-folded" "o*") { } fileinto "${1}";',
    "one",
  ),
  gives("RFC 5229 §5: string", 'set "a" "foo"; if string "${a}" "foo" { fileinto "yes"; }', "yes"),
  gives(
    "RFC 5228 §2.7.3: of strings too, letters are alike",
    'set "a" "Foo"; if string "${a}" "foo" { fileinto "yes"; }',
    "yes",
    { apart: "Pigeonhole compares strings by i;octet, though RFC 5229 names no other comparator" },
  ),
  gives("RFC 5229 §5: any of many", 'if string ["a", "b"] ["c", "b"] { fileinto "yes"; }', "yes"),
  gives(
    "RFC 5229 §5: numbers",
    'set "n" "5"; if string :value "gt" :comparator "i;ascii-numeric" "${n}" "4" { fileinto "yes"; }',
    "yes",
  ),
  gives(
    "RFC 5229 §5: those that are not empty are counted",
    'set "e" ""; if string :count "eq" :comparator "i;ascii-numeric" ["a", "${e}", "b"] "2" { fileinto "yes"; }',
    "yes",
  ),
  gives("RFC 5229 §5: a pattern takes of a string", 'if string :matches "a/b/c" "*/*" { fileinto "${2}"; }', "b/c"),
  run("RFC 5229 §2: it must be required", 'set "a" "b";', { refused: '1:1 set needs require "variables"' }),
];
