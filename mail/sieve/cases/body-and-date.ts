// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Sieve writes its variables so.
/** RFC 5173 (body), RFC 5260 (dates, and which field of several). */
import { type Case, fails, holds, run } from "./case.ts";

const MIME = { message: "mime" } as const;
const NEVER = { apart: "Pigeonhole takes it, and it never matches" };
const CLOCK = { apart: "its clock is the real one" };

export const BODY_AND_DATE: Case[] = [
  holds("RFC 5173 §4: the text of a body", "body", 'body :contains "cheap widgets"'),
  fails("RFC 5173 §4: not the header", "body", 'body :contains "Hello World"'),
  holds("RFC 5173 §5.1: raw", "body", 'body :raw :contains "cheap widgets"'),
  holds("RFC 5173 §5.1: raw is not decoded", "body", 'body :raw :contains "VGhlIHNlY3JldCB3b3Jk"', MIME),
  holds("RFC 5173 §5.3: text is", "body", 'body :text :contains "secret word is xexxy"', MIME),
  holds(
    "RFC 5173 §5.2: a type with its subtype",
    "body",
    'body :content "text/html" :contains "secret</b> word"',
    MIME,
  ),
  fails("RFC 5173 §5.2: and no other", "body", 'body :content "text/html" :contains "xexxy"', MIME),
  holds("RFC 5173 §5.2: a type has its subtypes", "body", 'body :content "text" :contains "plugh"', MIME),
  holds("RFC 5173 §5.2: any of several", "body", 'body :content ["image", "text/plain"] :contains "xexxy"', MIME),
  fails("RFC 5173 §5.2: a type that is not there", "body", 'body :content "image" :contains "a"', MIME),
  holds("RFC 5173 §4: patterns", "body", 'body :matches "*cheap*now*"'),
  run(
    "RFC 5173 §6: which take nothing",
    'require ["body", "variables", "fileinto"]; if header :matches "x-words" "n*" { if body :matches "*cheap*" { fileinto "${1}"; } }',
    ["fileinto one"],
  ),
  run("RFC 5173 §5: one transform", 'require "body"; if body :raw :text "a" { stop; }', {
    refused: ":text and :raw cannot be given together",
  }),
  run("RFC 5173 §3: it must be required", 'if body "a" { stop; }', { refused: '1:4 body needs require "body"' }),
  holds("RFC 5260 §4: a date's year, in its own zone", "date", 'date :originalzone "date" "year" "2026"'),
  holds("RFC 5260 §4: hour, in another", "date", 'date :zone "+0000" "date" "hour" "04"'),
  holds("RFC 5260 §4: and the day after", "date", 'date :zone "+0000" "date" "date" "2026-11-29"'),
  holds("RFC 5260 §4.2: weekday", "date", 'date :originalzone "date" "weekday" "6"'),
  holds(
    "RFC 5260 §4.2: month and day",
    "date",
    'allof(date :originalzone "date" "month" "11", date :originalzone "date" "day" "28")',
  ),
  holds("RFC 5260 §4.2: time", "date", 'date :originalzone "date" "time" "23:30:15"'),
  holds(
    "RFC 5260 §4.2: minute and second",
    "date",
    'allof(date :originalzone "date" "minute" "30", date :originalzone "date" "second" "15")',
  ),
  holds("RFC 5260 §4.2: iso8601", "date", 'date :originalzone "date" "iso8601" "2026-11-28T23:30:15-05:00"'),
  holds("RFC 5260 §4.2: std11", "date", 'date :originalzone "date" "std11" "Sat, 28 Nov 2026 23:30:15 -0500"'),
  holds("RFC 5260 §4.2: zone", "date", 'date :originalzone "date" "zone" "-0500"'),
  holds("RFC 5260 §4.2: julian", "date", 'date :zone "+0000" "date" "julian" "61373"'),
  holds(
    "RFC 5260 §4: a Received has its date at the end",
    "date index",
    'date :index 1 :originalzone "received" "hour" "11"',
  ),
  holds("RFC 5260 §4: compared as numbers", "date relational", 'date :value "ge" :originalzone "date" "hour" "09"'),
  fails("RFC 5260 §4: what is no date matches nothing", "date", 'date :contains "date" "year" ""', { message: "odd" }),
  run(
    "RFC 5260 §4.2: a part must be known",
    'require "date"; if date "date" "century" "20" { stop; }',
    {
      refused: "a date has the parts year",
    },
    NEVER,
  ),
  run(
    "RFC 5260 §4.1: a zone must be one",
    'require "date"; if date :zone "CET" "date" "year" "2026" { stop; }',
    {
      refused: "a time zone is written as",
    },
    NEVER,
  ),
  holds("RFC 5260 §5: currentdate", "date", 'currentdate :zone "+0000" "date" "2026-11-28"', CLOCK),
  holds(
    "RFC 5260 §5: compared",
    "date relational",
    'allof(currentdate :value "ge" "date" "2026-11-01", currentdate :value "le" "year" "2026")',
    CLOCK,
  ),
  holds("RFC 5260 §5: in a zone", "date", 'currentdate :zone "+0530" "time" "17:30:00"', CLOCK),
  holds("RFC 5260 §6: the first of a name", "index", 'header :index 1 "x-twice" "first"'),
  fails("RFC 5260 §6: and no other", "index", 'header :index 1 "x-twice" "second"'),
  holds("RFC 5260 §6: from the last", "index", 'header :index 1 :last "x-twice" "third"'),
  fails("RFC 5260 §6: beyond them is none", "index", 'header :index 4 :contains "x-twice" ""'),
  holds("RFC 5260 §6: of addresses", "index", 'address :index 1 "to" "bob@example.com"'),
  run("RFC 5260 §6: :last needs :index", 'require "index"; if header :last "a" "b" { stop; }', {
    refused: ":last needs :index",
  }),
];
