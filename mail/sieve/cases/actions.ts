// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Sieve writes its variables so.
/** RFC 5228 §4 and what extensions add to actions: copies, flags, folders that are made, refusals, notices. */
import { type Case, holds, run } from "./case.ts";

const OTHER_WORDS = "Pigeonhole calls ereject by another name in this version";

export const ACTIONS: Case[] = [
  run("RFC 5228 §4.1: fileinto, and no keep", 'require "fileinto"; fileinto "A/B";', ["fileinto A/B"]),
  run("RFC 5228 §4.1: a name may hold any letter", 'require "fileinto"; fileinto "Böses Übel/日本語";', [
    "fileinto Böses Übel/日本語",
  ]),
  run("RFC 5228 §4.2: redirect, and no keep", 'redirect "eve@example.org";', ["redirect eve@example.org"]),
  run("RFC 5228 §4.2: to one address once", 'redirect "eve@example.org"; redirect "eve@example.org";', [
    "redirect eve@example.org",
  ]),
  run("RFC 5228 §4.2: to several", 'redirect "eve@example.org"; redirect "sam@example.org";', [
    "redirect eve@example.org",
    "redirect sam@example.org",
  ]),
  run(
    "RFC 5228 §4.2: not to very many",
    ["a", "b", "c", "d", "e"].map((one) => `redirect "${one}@example.org";`).join("\n"),
    { fails: "redirected at most 4 times" },
  ),
  run("RFC 5228 §4.3: keep", "keep;", ["keep"]),
  run("RFC 5228 §4.3: keep and redirect", 'redirect "eve@example.org"; keep;', ["redirect eve@example.org", "keep"]),
  run("RFC 5228 §4.3: twice is once", "keep; keep;", ["keep"]),
  run("RFC 5228 §4.4: discard", "discard;", ["discard"]),
  run("RFC 5228 §4.4: discard takes nothing back", "keep; discard;", ["keep"]),
  run("RFC 5228 §4.4: nor hinders what comes", 'require "fileinto"; discard; fileinto "a";', ["fileinto a"]),
  run("RFC 3894 §3: fileinto :copy keeps", 'require ["fileinto", "copy"]; fileinto :copy "a";', ["fileinto a", "keep"]),
  run("RFC 3894 §3: redirect :copy keeps", 'require "copy"; redirect :copy "eve@example.org";', [
    "redirect eve@example.org",
    "keep",
  ]),
  run("RFC 3894 §3: a copy does not undo a discard", 'require ["fileinto", "copy"]; fileinto :copy "a"; discard;', [
    "fileinto a",
  ]),
  run("RFC 3894 §3: it must be required", 'redirect :copy "eve@example.org";', {
    refused: '1:10 :copy needs require "copy"',
  }),
  run("RFC 5490 §3.2: a folder that is made", 'require ["fileinto", "mailbox"]; fileinto :create "new";', [
    "fileinto new",
  ]),
  run("RFC 5490 §3.2: it must be required", 'require "fileinto"; fileinto :create "new";', {
    refused: ':create needs require "mailbox"',
  }),
  holds("RFC 5490 §3.1: mailboxexists", "mailbox fileinto", 'mailboxexists ["INBOX", "A"]', {
    folders: ["A"],
    apart: "the folders of Pigeonhole's test are on disk",
  }),
  holds("RFC 5490 §3.1: all of them", "mailbox fileinto", 'not mailboxexists ["INBOX", "none"]'),
  run("RFC 5429 §2.2: reject, and no keep", 'require "reject"; reject "Not wanted";', ["reject Not wanted"]),
  run("RFC 5429 §2.1: ereject", 'require "ereject"; ereject "Not wanted";', ["reject Not wanted"], {
    apart: OTHER_WORDS,
  }),
  run("RFC 5429 §2.1: a reason is needed", 'require "ereject"; ereject;', { refused: "1:20 ereject needs a string" }),
  run("RFC 5429 §2.1: it must be required", 'ereject "x";', { refused: '1:1 ereject needs require "ereject"' }),
  run("RFC 5429 §2.3: reject and keep do not go together", 'require "reject"; keep; reject "x";', {
    fails: "reject and keep do not go together",
  }),
  run("RFC 5429 §2.3: nor in the other order", 'require ["reject", "fileinto"]; reject "x"; fileinto "a";', {
    fails: "reject and fileinto do not go together",
  }),
  run("RFC 5429 §2.3: nor reject and redirect", 'require "reject"; redirect "eve@example.org"; reject "x";', {
    fails: "reject and redirect do not go together",
  }),
  run("RFC 5429 §2.3: reject and vacation", 'require ["reject", "vacation"]; vacation "away"; reject "x";', {
    fails: "reject and vacation do not go together",
  }),
  run("RFC 5429 §2.3: twice is too often", 'require "reject"; reject "x"; reject "y";', {
    fails: "a message is rejected once",
  }),
  run("RFC 5429 §2.3: reject and discard", 'require "reject"; discard; reject "x";', ["reject x"], {
    apart: "Pigeonhole lets a discard swallow the refusal",
  }),
  run("RFC 5230 §4: vacation keeps", 'require "vacation"; vacation "I am away";', ["vacation I am away", "keep"]),
  run("RFC 5230 §4.1: days", 'require "vacation"; vacation :days 23 "away";', ["vacation 23d away", "keep"]),
  run("RFC 5230 §4.1: at least one", 'require "vacation"; vacation :days 0 "away";', ["vacation 1d away", "keep"]),
  run("RFC 5230 §4.1: days are a number", 'require "vacation"; vacation :days "2" "away";', {
    refused: ":days takes a number",
  }),
  run("RFC 5230 §4.3: a subject", 'require "vacation"; vacation :subject "Away" "back on Monday";', [
    'vacation "Away" back on Monday',
    "keep",
  ]),
  run("RFC 5230 §4.3: from an address", 'require "vacation"; vacation :from "Bob <bob@example.com>" "away";', [
    "vacation away",
    "keep",
  ]),
  run("RFC 5230 §4.3: that must be one", 'require "vacation"; vacation :from "bob" "away";', {
    refused: '"bob" is no address',
  }),
  run(
    "RFC 5230 §4.5: the owner's other addresses",
    'require "vacation"; vacation :addresses ["b@example.com", "c@example.com"] "away";',
    ["vacation away", "keep"],
  ),
  run("RFC 5230 §4.7: a handle", 'require "vacation"; vacation :handle "h" "away";', ["vacation away", "keep"]),
  run("RFC 5230 §4: a reason is needed", 'require "vacation"; vacation :days 3;', {
    refused: "1:21 vacation needs a string",
  }),
  run("RFC 5230 §4.8: once", 'require "vacation"; vacation "a"; vacation "b";', { fails: "vacation answers once" }),
  run("RFC 5230 §4.8: vacation and discard", 'require "vacation"; vacation "away"; discard;', ["vacation away"]),
  run("RFC 5230 §6: it must be required", 'vacation "away";', { refused: '1:1 vacation needs require "vacation"' }),
];
