// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Sieve writes its variables so.
/** RFC 5228 §2 and §3: what a script is, before any test or action. */
import { type Case, fails, holds, run } from "./case.ts";

export const LANGUAGE: Case[] = [
  run("RFC 5228 §2: a script may be empty", "", ["keep"]),
  run("RFC 5228 §2.2: white space and line ends are alike", "\t\r\n  keep\n\n;\r\n", ["keep"]),
  run("RFC 5228 §2.3: a hash comment ends with its line", "# discard;\nkeep; # discard;", ["keep"]),
  run("RFC 5228 §2.3: a bracketed comment goes over lines", "/* discard;\n * discard; */ keep;", ["keep"]),
  run("RFC 5228 §2.3: comments do not nest", "/* a /* b */ keep;", ["keep"]),
  run("RFC 5228 §2.3: a comment must be closed", "keep; /* discard;", { refused: "1:7 this comment is not closed" }),
  run("RFC 5228 §2.4: names are without case", 'REQUIRE "fileinto"; FileInto "a";', ["fileinto a"]),
  holds("RFC 5228 §2.4.1: K, M and G multiply", "", "allof(size :under 1K, size :over 0k, not size :over 1m)"),
  run("RFC 5228 §2.4.1: other letters do not", "if size :over 1T { stop; }", {
    refused: "1:15 a number may be followed",
  }),
  run("RFC 5228 §2.4.1: a number has a largest", "if size :over 99999999999999999999 { stop; }", { refused: "1:15" }),
  run("RFC 5228 §2.4.1: there are no negative numbers", "if size :over -1 { stop; }", { refused: "1:15" }),
  holds("RFC 5228 §2.4.2: a backslash takes the next character", "", 'header :contains "subject" "\\H\\ello"'),
  holds("RFC 5228 §2.4.2: quotes may be quoted", "", 'header :contains "from" "\\"Ann Lee"'),
  run("RFC 5228 §2.4.2: a string must be closed", 'redirect "a@b.example;', {
    refused: "1:10 this string has no closing quote",
  }),
  run("RFC 5228 §2.4.2: a text of many lines", 'require "reject";\nreject text: # why\none\n..two\n.\n;', [
    "reject one\r\n.two\r\n",
  ]),
  run("RFC 5228 §2.4.2: a text must end with a dot", 'require "reject";\nreject text:\none\n', {
    refused: "2:8 this text has no end",
  }),
  holds("RFC 5228 §2.4.2.1: a list of one is a string", "", 'header :is ["x-words"] "none"'),
  run("RFC 5228 §2.4.2.1: a list is not empty", 'if header :is [] "x" { stop; }', {
    refused: "1:16 expected a string",
  }),
  run("RFC 5228 §2.4.2.1: a list has commas", 'if exists ["a" "b"] { stop; }', { refused: '1:16 expected "," or "]"' }),
  holds("RFC 5228 §2.4.2.2: names of fields are without case", "", 'header :is "X-WORDS" "none"'),
  fails("RFC 5228 §2.4.2.2: a name with a colon is no field's", "", 'exists "from:"'),
  holds("RFC 5228 §2.4.2.2: folded fields are unfolded", "", 'header :is "x-folded" "one two"'),
  holds("RFC 5228 §2.4.2.2: encoded-words are decoded", "", 'header :is "subject" "Grüße aus Köln"', {
    message: "encoded",
  }),
  run("RFC 5228 §2.4.2.3: an address must be one", 'redirect "no address";', {
    refused: '1:10 "no address" is no address',
  }),
  run(
    "RFC 5228 §2.4.2.4: ${hex:…} is octets",
    'require ["encoded-character", "fileinto"]; fileinto "a${hex:24 26}b${HEX: C3 bc }";',
    ["fileinto a$&bü"],
  ),
  run(
    "RFC 5228 §2.4.2.4: ${unicode:…} is characters",
    'require ["encoded-character", "fileinto"]; fileinto "${unicode:41 fc}${unicode:000042}";',
    ["fileinto AüB"],
  ),
  run(
    "RFC 5228 §2.4.2.4: what is not of the form stays",
    'require ["encoded-character", "fileinto"]; fileinto "${hex:zz}${hex:}${hex:123}${foo:41}";',
    ["fileinto ${hex:zz}${hex:}${hex:123}${foo:41}"],
  ),
  run(
    "RFC 5228 §2.4.2.4: surrogates are no characters",
    'require ["encoded-character", "fileinto"]; fileinto "${unicode:D800}";',
    { refused: "is no character" },
  ),
  run("RFC 5228 §2.4.2.4: without require it is text", 'require "fileinto"; fileinto "${hex:41}";', [
    "fileinto ${hex:41}",
  ]),
  run("RFC 5228 §2.5: a test is no command", "true;", { refused: "1:1 there is no command true" }),
  run("RFC 5228 §2.6.1: arguments have places", "if size 10 :over { stop; }", {
    refused: "1:12 :over must stand before",
  }),
  run("RFC 5228 §2.6.2: unknown tags are refused", "keep :fast;", { refused: "1:6 keep takes no argument :fast" }),
  run("RFC 5228 §2.6.2: a tag is given once", 'if header :is :is "a" "b" { stop; }', {
    refused: "1:15 :is is given twice",
  }),
  run("RFC 5228 §2.6.3: too many arguments are refused", 'discard "x";', { refused: "1:9 discard takes no argument" }),
  run("RFC 5228 §2.6.3: too few are as well", 'if header "subject" { stop; }', { refused: "1:4 header needs" }),
  run("RFC 5228 §2.9: a command ends with a semicolon", "keep", { refused: '1:5 expected ";"' }),
  run("RFC 5228 §2.9: a block is closed", "if true { keep;", { refused: '1:16 expected "}"' }),
  run("RFC 5228 §2.9: keep takes no block", "keep { stop; }", { refused: "1:1 keep takes no block" }),
  run("RFC 5228 §2.10.1: what is required must be known", 'require ["fileinto",\n "telepathy"];', {
    refused: '2:2 there is no capability "telepathy"',
  }),
  run("RFC 5228 §2.10.2: keep is what happens else", "if false { discard; }", ["keep"]),
  run("RFC 5228 §2.10.3: one copy in a folder", 'require "fileinto"; fileinto "a"; fileinto "a";', ["fileinto a"]),
  run("RFC 5228 §2.10.3: one message, many folders", 'require "fileinto"; fileinto "a"; fileinto "b"; keep;', [
    "fileinto a",
    "fileinto b",
    "keep",
  ]),
  run("RFC 5228 §2.10.5: what was not required is not there", 'fileinto "a";', {
    refused: '1:1 fileinto needs require "fileinto"',
  }),
  run("RFC 5228 §2.10.6: an error keeps the message", `require "variables"; set "a" "b"; discard; redirect "\${a}";`, {
    fails: "is no address",
  }),
  run(
    "RFC 5228 §3.1: if, elsif, else: the first that holds",
    'require "fileinto"; if false { fileinto "a"; } elsif true { fileinto "b"; } elsif true { fileinto "c"; } else { fileinto "d"; }',
    ["fileinto b"],
  ),
  run(
    "RFC 5228 §3.1: else, where none holds",
    'require "fileinto"; if false { fileinto "a"; } elsif false { fileinto "b"; } else { fileinto "c"; }',
    ["fileinto c"],
  ),
  run("RFC 5228 §3.1: elsif needs an if", "keep; elsif true { discard; }", { refused: "1:7 elsif must follow if" }),
  run("RFC 5228 §3.1: else is the last", "if true { } else { } else { }", { refused: "1:22 else must follow if" }),
  run("RFC 5228 §3.1: an if needs a test", "if { keep; }", { refused: "1:1 if takes one test" }),
  run("RFC 5228 §3.1: an if takes no list of tests", "if (true, false) { keep; }", {
    refused: "1:1 if takes one test",
  }),
  run("RFC 5228 §3.1: blocks nest", "if true { if true { if true { discard; } } }", ["discard"]),
  run("RFC 5228 §3.2: require stands first", 'keep; require "fileinto";', { refused: "1:7 require must stand before" }),
  run("RFC 5228 §3.2: require may be repeated", 'require "copy"; require ["copy", "fileinto"]; fileinto :copy "a";', [
    "fileinto a",
    "keep",
  ]),
  run("RFC 5228 §3.3: stop ends all blocks", "if true { stop; } discard;", ["keep"]),
  run("RFC 5228 §10: nesting has an end", `${"if true {".repeat(40)} keep; ${"}".repeat(40)}`, {
    refused: "blocks are nested more than 32 deep",
  }),
  run("RFC 5228 §10: of tests too", `if ${"not ".repeat(40)} true { keep; }`, {
    refused: "tests are nested more than 32 deep",
  }),
];
