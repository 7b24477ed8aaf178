/** RFC 5228 §2.7 and §5: tests, match types, comparators, and RFC 5231's relations. */
import { type Case, fails, holds, run } from "./case.ts";

const BOUNCE = {
  envelope: { from: "", to: "bob@example.com" },
  apart: "sieve-test takes no null reverse-path",
};
const ODD = { message: "odd" } as const;

export const MATCHING: Case[] = [
  holds("RFC 5228 §2.7.1: :is is the default", "", 'header "x-words" "none"'),
  fails("RFC 5228 §2.7.1: :is is about the whole", "", 'header :is "subject" "Hello"'),
  holds("RFC 5228 §2.7.1: :contains is about a part", "", 'header :contains "subject" "o w"'),
  holds("RFC 5228 §2.7.1: everything contains nothing", "", 'header :contains "x-words" ""'),
  holds("RFC 5228 §2.7.1: * is any number of characters", "", 'header :matches "subject" "hello*[list]*"'),
  holds("RFC 5228 §2.7.1: * may be none", "", 'header :matches "x-words" "*no*ne*"'),
  holds("RFC 5228 §2.7.1: ? is one character", "", 'header :matches "x-words" "n?n?"'),
  fails("RFC 5228 §2.7.1: ? is not none", "", 'header :matches "x-words" "none?"'),
  fails("RFC 5228 §2.7.1: a pattern is about the whole", "", 'header :matches "subject" "hello"'),
  holds("RFC 5228 §2.7.1: a quoted star is a star", "", 'header :matches "subject" "*\\\\*urgent\\\\*"'),
  fails("RFC 5228 §2.7.1: and nothing else", "", 'header :matches "subject" "hell\\\\*"'),
  holds("RFC 5228 §2.7.1: a quoted ? and backslash", "", 'header :matches "x-path" "a\\\\\\\\b\\\\?c"'),
  holds("RFC 5228 §2.7.1: ** is *", "", 'header :matches "x-words" "**ne"'),
  holds("RFC 5228 §2.7.1: the end is found from the end", "", 'header :matches "message-id" "<*@*.*>"'),
  fails("RFC 5228 §2.7.1: parts do not overlap", "", 'header :matches "x-words" "non*one"'),
  holds("RFC 5228 §2.7.2: any field and any key", "", 'header :is ["x-none", "x-words"] ["all", "none"]'),
  holds("RFC 5228 §2.7.3: letters of ASCII are alike", "", 'header :is "x-words" "NONE"'),
  fails("RFC 5228 §2.7.3: i;octet tells them apart", "", 'header :comparator "i;octet" :is "x-words" "NONE"'),
  fails("RFC 5228 §2.7.3: other letters are not folded", "", 'header :is "subject" "GRÜßE AUS KÖLN"', {
    message: "encoded",
  }),
  run("RFC 5228 §2.7.3: a comparator must be known", 'if header :comparator "i;latin" "a" "b" { stop; }', {
    refused: '1:23 there is no comparator "i;latin"',
  }),
  run(
    "RFC 5228 §2.7.3: one that is not built in is required",
    'if header :comparator "i;ascii-numeric" "a" "b" { stop; }',
    { refused: '1:23 the comparator i;ascii-numeric needs require "comparator-i;ascii-numeric"' },
  ),
  holds(
    "RFC 5228 §2.7.3: a built-in one may be required",
    "comparator-i;octet",
    'header :comparator "i;octet" "x-words" "none"',
  ),
  run("RFC 5228 §2.7.1: one match type", 'if header :is :contains "a" "b" { stop; }', {
    refused: ":contains and :is cannot be given together",
  }),
  holds(
    "RFC 4790 §9.1: numbers are compared as such",
    "comparator-i;ascii-numeric",
    'header :comparator "i;ascii-numeric" "x-score" "42"',
  ),
  holds(
    "RFC 4790 §9.1: what is no number is infinite",
    "comparator-i;ascii-numeric relational",
    'header :value "gt" :comparator "i;ascii-numeric" "x-words" "99999999999999999999"',
  ),
  holds(
    "RFC 4790 §9.1: and equal to all others",
    "comparator-i;ascii-numeric",
    'header :comparator "i;ascii-numeric" "x-words" "no number"',
  ),
  run(
    "RFC 4790 §9.1: numbers have no parts",
    'require "comparator-i;ascii-numeric"; if header :contains :comparator "i;ascii-numeric" "a" "b" { stop; }',
    { refused: "i;ascii-numeric does not go with :contains" },
  ),
  holds("RFC 5228 §2.7.4: all of an address", "", 'address :all "from" "ann+news@example.org"'),
  holds("RFC 5228 §2.7.4: its local part", "", 'address :localpart "from" "ANN+NEWS"'),
  holds("RFC 5228 §2.7.4: its domain", "", 'address :domain :is "from" "example.org"'),
  run("RFC 5228 §2.7.4: one address part", 'if address :all :domain "from" "a" { stop; }', {
    refused: ":domain and :all cannot be given together",
  }),
  holds("RFC 5228 §5.1: all is the default", "", 'address "to" "carol@example.net"'),
  fails("RFC 5228 §5.1: the name before an address is not asked", "", 'address :contains "from" "lee"'),
  holds("RFC 5228 §5.1: any address of any field", "", 'address :domain ["cc", "to"] ["sub.example.com"]'),
  holds("RFC 5228 §5.1: addresses in groups", "", 'address "cc" "frank@example.net"', ODD),
  fails("RFC 5228 §5.1: an empty group has none", "", 'address :contains "to" ""', {
    ...ODD,
    apart: "Pigeonhole takes the group for an address that is none",
  }),
  fails("RFC 5228 §5.1: what is no address has no domain", "", 'address :domain :contains "sender" ""', ODD),
  run("RFC 5228 §5.1: only fields with addresses", 'if address "subject" "a" { stop; }', {
    refused: "1:12 the field subject holds no addresses",
  }),
  holds("RFC 5228 §5.2: allof is all", "", "allof(true, true)"),
  fails("RFC 5228 §5.2: and not some", "", "allof(true, false)"),
  holds("RFC 5228 §5.3: anyof is some", "", "anyof(false, true)"),
  fails("RFC 5228 §5.3: and not none", "", "anyof(false, false)"),
  run("RFC 5228 §5.3: in parentheses", "if anyof true { stop; }", { refused: "1:4 anyof takes tests in parentheses" }),
  holds("RFC 5228 §5.4: the envelope's sender", "envelope", 'envelope "from" "ann+news@example.org"'),
  holds("RFC 5228 §5.4: its recipient", "envelope", 'envelope :localpart "to" "bob+work"'),
  fails("RFC 5228 §5.4: not what To says", "envelope", 'envelope "to" "carol@example.net"'),
  holds("RFC 5228 §5.4: a null reverse-path is empty", "envelope", 'envelope :all "from" ""', {
    ...BOUNCE,
  }),
  fails("RFC 5228 §5.4: and has no domain", "envelope", 'envelope :domain :contains "from" "example"', {
    ...BOUNCE,
  }),
  run("RFC 5228 §5.4: there are two parts", 'require "envelope"; if envelope "mailer" "a" { stop; }', {
    refused: '1:33 the envelope has "from" and "to"',
  }),
  run("RFC 5228 §5.4: it must be required", 'if envelope "from" "a" { stop; }', {
    refused: '1:4 envelope needs require "envelope"',
  }),
  holds("RFC 5228 §5.5: exists, all of them", "", 'exists ["from", "x-empty", "List-ID"]'),
  fails("RFC 5228 §5.5: and not some", "", 'exists ["from", "x-none"]'),
  fails("RFC 5228 §5.6: false", "", "false"),
  holds("RFC 5228 §5.7: an empty field is there", "", 'header "x-empty" ""'),
  fails("RFC 5228 §5.7: one that is not there is not empty", "", 'header :contains "x-none" ""'),
  holds("RFC 5228 §5.7: any of the fields of a name", "", 'header "x-twice" "third"'),
  fails("RFC 5228 §5.7: each for itself", "", 'header :contains "x-twice" "firstsecond"'),
  holds("RFC 5228 §5.8: not", "", "not false"),
  holds("RFC 5228 §5.8: not not", "", "not not true"),
  holds("RFC 5228 §5.9: size over", "", "size :over 500"),
  holds("RFC 5228 §5.9: size under", "", "size :under 100K"),
  run("RFC 5228 §5.9: over or under", "if size 5 { stop; }", { refused: "1:4 size needs :over or :under" }),
  run("RFC 5228 §5.9: not both", "if size :over :under 5 { stop; }", {
    refused: ":under and :over cannot be given together",
  }),
  holds("RFC 5228 §5.10: true", "", "true"),
  run("RFC 5228 §5: a test must be known", "if magic { stop; }", { refused: "1:4 there is no test magic" }),
  holds("RFC 5231 §4.1: gt", "relational", 'header :value "gt" "x-words" "nona"'),
  fails("RFC 5231 §4.1: gt is not equal", "relational", 'header :value "gt" "x-words" "none"'),
  holds("RFC 5231 §4.1: ge", "relational", 'header :value "ge" "x-words" "none"'),
  holds("RFC 5231 §4.1: lt", "relational", 'header :value "lt" "x-words" "nonf"'),
  holds(
    "RFC 5231 §4.1: le, by numbers",
    "relational comparator-i;ascii-numeric",
    'header :value "le" :comparator "i;ascii-numeric" "x-score" "100"',
  ),
  holds("RFC 5231 §4.1: eq", "relational", 'header :value "eq" "x-words" "None"'),
  holds("RFC 5231 §4.1: ne", "relational", 'header :value "ne" "x-words" "nine"'),
  run("RFC 5231 §4.1: a relation must be known", 'require "relational"; if header :value "is" "a" "b" { stop; }', {
    refused: "a relation is one of gt",
  }),
  holds(
    "RFC 5231 §4.2: fields are counted",
    "relational comparator-i;ascii-numeric",
    'header :count "eq" :comparator "i;ascii-numeric" ["x-twice", "subject"] "4"',
  ),
  holds(
    "RFC 5231 §4.2: those that are not there are none",
    "relational comparator-i;ascii-numeric",
    'header :count "eq" :comparator "i;ascii-numeric" "x-none" "0"',
  ),
  holds(
    "RFC 5231 §4.2: addresses are counted",
    "relational comparator-i;ascii-numeric",
    'address :count "ge" :comparator "i;ascii-numeric" ["to", "cc"] "3"',
  ),
  run("RFC 5231 §4: it must be required", 'if header :count "eq" "a" "1" { stop; }', {
    refused: ':count needs require "relational"',
  }),
  holds("RFC 5233 §4: the user", "envelope subaddress", 'envelope :user "to" "bob"'),
  holds("RFC 5233 §4: the detail", "envelope subaddress", 'envelope :detail "to" "work"'),
  holds("RFC 5233 §4: of a field", "subaddress", 'address :detail "from" "news"'),
  holds("RFC 5233 §4: without detail the user is all", "subaddress", 'address :user "to" "carol"'),
  fails("RFC 5233 §4: where there is no detail nothing matches", "subaddress", 'address :detail :contains "to" ""'),
];
