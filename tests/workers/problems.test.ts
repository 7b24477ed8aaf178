import { describe, expect, it } from "vitest";
import { MAX_REQUEST_BYTES } from "../../contract/limits.ts";
import { problemAt, problemOf } from "./api-answers.ts";
import { aCheckedAccount } from "./mailbox-invariants.ts";
import { type Account, aLetter, fetchMesh, ingest } from "./mesh.ts";

/** A request whose body and headers are exactly these. */
function raw(
  account: Account,
  method: string,
  path: string,
  body: BodyInit | null,
  contentType?: string,
): Promise<Response> {
  const headers = {
    authorization: `Bearer ${account.token}`,
    ...(contentType === undefined ? {} : { "content-type": contentType }),
  };
  return fetchMesh(`/v1${path}`, { method, headers, body });
}

const JSON_TYPE = "application/json";

/** Every address that takes a JSON body, with ids that are well-formed. */
const WITH_BODY = [
  "POST /folders",
  "PATCH /folders/00000000000",
  "PATCH /messages/00000000000",
  "POST /messages/batch",
  "POST /messages",
  "POST /drafts",
  "PUT /drafts/00000000000",
  "POST /drafts/00000000000/send",
  "POST /searches",
  "POST /templates",
  "PATCH /templates/0000000000000000",
  "POST /tokens",
  "PUT /password",
].map((line) => line.split(" ") as [string, string]);

describe("a body", () => {
  it("that is not JSON is refused, and the answer says where it is wrong", async () => {
    const alice = await aCheckedAccount();
    for (const [method, path] of WITH_BODY) {
      for (const body of [
        "{",
        "",
        "{'a':1}",
        "\u0000",
        '{"a":1',
        "[1,",
        "\ufeff",
        new Uint8Array([0xff, 0xfe, 0x00]),
      ]) {
        expect(`${path} ${await problemAt(raw(alice, method, path, body, JSON_TYPE))}`).toBe(
          `${path} bad_request body`,
        );
      }
    }
  });

  it("that is JSON of another shape is refused", async () => {
    const alice = await aCheckedAccount();
    for (const [method, path] of WITH_BODY) {
      for (const body of [
        "null",
        "[]",
        "1",
        '"text"',
        "true",
        '{"no_such_field":1}',
        '{"__proto__":{"a":1},"constructor":1}',
      ]) {
        expect(`${path} ${body} ${await problemAt(raw(alice, method, path, body, JSON_TYPE))}`).toMatch(
          `${path} ${body} bad_request body`,
        );
      }
    }
  });

  it("that is missing is refused, also where every field may be left out", async () => {
    const alice = await aCheckedAccount();
    for (const [method, path] of WITH_BODY) {
      expect(`${path} ${await problemAt(raw(alice, method, path, null))}`).toBe(`${path} bad_request body`);
    }
    expect(await alice.messages("drafts")).toEqual([]);
  });

  it("of another media type is refused", async () => {
    const alice = await aCheckedAccount();
    for (const [method, path] of WITH_BODY) {
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "nonsense",
      ]) {
        expect(`${path} ${await problemAt(raw(alice, method, path, "{}", type))}`).toBe(
          `${path} unsupported_media_type`,
        );
      }
    }
    expect((await raw(alice, "POST", "/folders", '{"name":"Work"}', "application/json; charset=utf-8")).status).toBe(
      201,
    );
  });

  it("that is too large is refused, whether its length is said or not", async () => {
    const alice = await aCheckedAccount();
    const large = new Uint8Array(MAX_REQUEST_BYTES + 1).fill(32);
    expect(await problemAt(raw(alice, "POST", "/messages", large, JSON_TYPE))).toBe("request_too_large");
    expect(await problemAt(raw(alice, "POST", "/messages", new Blob([large]).stream(), JSON_TYPE))).toBe(
      "request_too_large",
    );
  });

  it("nested a hundred thousand deep is refused", async () => {
    const alice = await aCheckedAccount();
    const deep = `{"to":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect((await problemOf(raw(alice, "POST", "/messages", deep, JSON_TYPE))).reason).toBe("bad_request");
  });
});

describe("an address", () => {
  it("that does not exist is not found, logged in or not", async () => {
    const alice = await aCheckedAccount();
    for (const path of [
      "",
      "/",
      "/nothing",
      "/folder",
      "/folders/",
      "/folders//messages",
      "/messages/00000000000/body",
      "/messages/00000000000/attachments",
      "/events/1",
      "/v1/folders",
      "/..%2f",
      "/%ff",
    ]) {
      expect(`${path} ${await problemAt(alice.call("GET", path))}`).toBe(`${path} not_found`);
    }
    expect(await problemAt(fetchMesh("/v1/nothing"))).toBe("not_found");
  });

  it("takes its own methods only, and names them", async () => {
    const alice = await aCheckedAccount();
    const wrong: [string, string, string][] = [
      ["PUT", "/folders", "GET, HEAD, POST"],
      ["POST", "/folders/00000000000", "PATCH, DELETE"],
      ["GET", "/folders/00000000000", "PATCH, DELETE"],
      ["PUT", "/messages/00000000000", "GET, HEAD, PATCH, DELETE"],
      ["GET", "/messages", "POST"],
      ["DELETE", "/messages/00000000000/raw", "GET, HEAD"],
      ["PUT", "/search", "GET, HEAD, POST"],
      ["PUT", "/searches", "GET, HEAD, POST"],
      ["GET", "/searches/0000000000000000", "DELETE"],
      ["PUT", "/suggestions", "GET, HEAD, POST"],
      ["GET", "/drafts", "POST"],
      ["PUT", "/submissions/00000000000", "GET, HEAD, PATCH, DELETE"],
      ["POST", "/events", "GET, HEAD"],
      ["POST", "/changes", "GET, HEAD"],
      ["PUT", "/sessions", "GET, HEAD, POST, DELETE"],
      ["GET", "/sessions/current", "DELETE"],
    ];
    for (const [method, path, allowed] of wrong) {
      const answer = await alice.call(method, path);
      expect(`${method} ${path} ${answer.headers.get("allow")}`).toBe(`${method} ${path} ${allowed}`);
      expect(await problemAt(answer)).toBe("method_not_allowed");
    }
  });

  it("of an account is closed to who is not logged in", async () => {
    await aCheckedAccount();
    const paths = [
      "/folders",
      "/folders/00000000000/messages",
      "/messages/00000000000",
      "/messages/00000000000/raw",
      "/messages/00000000000/attachments/0",
      "/threads/00000000000",
      "/search?q=x",
      "/searches",
      "/suggestions?q=x",
      "/submissions/00000000000",
      "/changes",
      "/account",
      "/sessions",
      "/templates",
      "/tokens",
    ];
    const tokens = [
      undefined,
      "",
      "x",
      "u0000000000000000.",
      `u0000000000000000.${"A".repeat(43)}`,
      "é",
      `u0000000000000000.${"A".repeat(5000)}`,
    ];
    for (const path of paths) {
      for (const token of tokens) {
        const headers = token === undefined ? {} : { authorization: `Bearer ${encodeURI(token)}` };
        const answer = await fetchMesh(`/v1${path}`, { headers });
        expect(answer.headers.get("www-authenticate")).toBe("Bearer");
        expect(`${path} ${token} ${await problemAt(answer)}`).toBe(`${path} ${token} unauthenticated`);
      }
    }
  });
});

describe("a query", () => {
  it("with a wrong value says which", async () => {
    const alice = await aCheckedAccount();
    await ingest("zoe@far.example", alice.email, aLetter());
    const [letter] = await alice.messages();
    const wrong: [string, string][] = [
      [`/threads/${letter?.thread_id}?limit=0`, "bad_request query.limit"],
      [`/threads/${letter?.thread_id}?cursor=!`, "bad_cursor query.cursor"],
      ["/search?q=x&limit=1000", "bad_request query.limit"],
      ["/search?q=x&cursor=!", "bad_cursor query.cursor"],
      ["/search", "bad_request query.q"],
      ["/search?q=a&q=b", "bad_request query.q"],
      ["/search?q=a&time_zone=Mars/Olympus", "bad_request query.time_zone"],
      ["/search?q=a&sort=size", "bad_request query.sort"],
      ["/search?q=a&prefix=1", "bad_request query.prefix"],
      ["/search?q=a&snippets=yes", "bad_request query.snippets"],
      ["/search?q=a&sort=relevance&cursor=00000000000", "bad_request query.cursor"],
      [`/suggestions?q=${"x".repeat(201)}`, "bad_request query.q"],
      ["/changes?since=x", "bad_request query.since"],
      ["/changes?since=-1", "bad_request query.since"],
      ["/changes?since=999999999", "bad_state query.since"],
      ["/changes?wait=31", "bad_request query.wait"],
      ["/changes?wait=soon", "bad_request query.wait"],
    ];
    for (const [path, expected] of wrong)
      expect(`${path} ${await problemAt(alice.call("GET", path))}`).toBe(`${path} ${expected}`);
  });
});
