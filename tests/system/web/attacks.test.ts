/** The client attacked: by who uses the same browser, by broken networks and servers, and by what strangers send. */
import { expect, it } from "vitest";
import { call, logIn, PASSWORD } from "../../support/service.ts";
import { compose } from "./reading-mail.ts";
import { excuse, mail, messagesIn, opened, page, row, service, setStage, smtp } from "./stage.ts";

setStage({ signedInAs: "alice@mesh.test" });

const composer = () => page.getByRole("dialog");
const field = (name: string) => composer().getByLabel(name, { exact: true });

async function write(to: string, subject: string, text: string): Promise<void> {
  await page.getByRole("button", { name: "Write" }).click();
  await field("To").fill(to);
  await field("Subject").fill(subject);
  await field("Text").fill(text);
}

/** Somebody else signs in, in a tab of the same browser, and this page has not heard of it yet. */
async function browserGoesTo(email: string): Promise<void> {
  const { token } = await logIn(service, email);
  const login = { name: "__Host-mailmesh", value: token, domain: "127.0.0.1", path: "/", expires: -1 };
  await page.context().addCookies([{ ...login, httpOnly: true, secure: true, sameSite: "Strict" }]);
}

const subjectsIn = async (email: string, role: "drafts" | "sent" | "archive") =>
  (await messagesIn(email, role)).map(({ subject }) => subject);

it("never does or sends as one person what another did in the same browser", async () => {
  await mail("To be archived by Alice");
  await row("To be archived by Alice").waitFor();
  await page.route("**/v1/drafts*", (route) => route.abort());
  await page.route("**/v1/messages/**", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  await write("ines@river.example", "Alice's secret", "Not for Bob.");
  await composer().getByText("Kept in this browser").waitFor();
  await page.locator("#messages").getByRole("checkbox").first().click();
  await page.getByRole("button", { name: "Archive" }).click();
  await row("To be archived by Alice").waitFor({ state: "detached" });

  await browserGoesTo("bob@mesh.test");
  const asked: string[] = [];
  page.on("response", (answer) => {
    const method = answer.request().method();
    if (method !== "GET") asked.push(`${method} ${new URL(answer.url()).pathname} ${answer.status()}`);
  });
  await page.unroute("**/v1/drafts*");
  await page.unroute("**/v1/messages/**");
  await page.evaluate("dispatchEvent(new Event('online'))");
  // What belongs to Alice is refused, and the page is not hers any more.
  await page.getByLabel("Password").waitFor();
  expect(asked.filter((one) => !one.endsWith("401"))).toEqual([]);
  expect(await subjectsIn("bob@mesh.test", "drafts")).toEqual([]);

  await page.getByLabel("Address").fill("Alice@Mesh.test");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect.poll(() => subjectsIn("alice@mesh.test", "drafts")).toEqual(["Alice's secret"]);
  await expect.poll(() => subjectsIn("alice@mesh.test", "archive")).toEqual(["To be archived by Alice"]);
  expect(await field("Text").textContent()).toContain("Not for Bob.");
  excuse(/ERR_FAILED|status of 401|WebSocket/);
});

it("saves and sends from a browser that keeps nothing, once, through a gateway that fails", async () => {
  await page.addInitScript(`IDBFactory.prototype.open = () => {
    throw new DOMException("Full.", "QuotaExceededError");
  }`);
  await page.reload();
  let failures = 1;
  await page.route(/\/v1\/drafts/, (route) => (failures-- > 0 ? route.abort() : route.continue()));
  await write("ines@river.example", "From a private window", "Once.");
  await composer().getByText("this browser keeps nothing").waitFor();
  await page.evaluate("dispatchEvent(new Event('online'))");
  await composer().getByText("Saved in Drafts").waitFor();
  expect(await composer().getByText("this browser keeps nothing").count()).toBe(0);

  // It was sent, and who stands in front of the server says that it is not there.
  await page.unroute(/\/v1\/drafts/);
  const statuses = [503, 500];
  await page.route(/\/send$/, async (route) => {
    const response = await route.fetch();
    const status = statuses.shift();
    await route.fulfill(status === undefined ? { response } : { status, body: "Busy" });
  });
  await composer().getByRole("button", { name: "Send", exact: true }).click();
  await composer().getByText("This is sent as soon as it can be").waitFor();
  for (let left = 1; left >= 0; left--) {
    await page.evaluate("dispatchEvent(new Event('online'))");
    await expect.poll(() => statuses.length).toBeLessThanOrEqual(left);
  }
  await page.getByText("On its way.").waitFor();
  expect(await subjectsIn("alice@mesh.test", "sent")).toEqual(["From a private window"]);
  excuse(/ERR_FAILED|status of 50[03]/);
});

it("goes on where the browser's store never answers, and where it gives nothing to scripts", async () => {
  await mail("To be archived without a store");
  await page.addInitScript(`{
    IDBFactory.prototype.open = () => Object.create(EventTarget.prototype);
    Storage.prototype.setItem = () => {
      throw new DOMException("Full.", "QuotaExceededError");
    };
  }`);
  await page.reload();
  await row("To be archived without a store").focus();
  await page.keyboard.press("e");
  await expect.poll(() => subjectsIn("alice@mesh.test", "archive")).toContain("To be archived without a store");
  await write("ines@river.example", "Without a store", "Once.");
  await composer().getByText("Saved in Drafts").waitFor();
  await composer().getByRole("button", { name: "Send", exact: true }).click();
  await page.getByText("On its way.").waitFor();

  await page.addInitScript(`{
    const denied = { get: () => { throw new DOMException("Denied.", "SecurityError"); } };
    Object.defineProperty(window, "localStorage", denied);
    Object.defineProperty(navigator, "cookieEnabled", { value: false });
  }`);
  await page.reload();
  await page.getByLabel("Password").waitFor();
  await page.getByText("This browser takes no cookies").waitFor();
  excuse(/WebSocket is closed before/);
});

it("gives what a browser has kept to nobody who comes after", async () => {
  await mail("With a file", "--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nsecret\r\n--b--", {
    fields: ["MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"],
  });
  await row("With a file").waitFor();
  const [message] = await messagesIn("alice@mesh.test", "inbox");
  const statusOf = (path: string) =>
    page.evaluate<number>(`fetch("/v1/messages/${message?.id}${path}").then(({ status }) => status)`);
  expect([await statusOf("/attachments/0"), await statusOf("/raw")]).toEqual([200, 200]);
  await page.context().clearCookies();
  expect([await statusOf("/attachments/0"), await statusOf("/raw")]).toEqual([401, 401]);
  excuse(/status of 401|WebSocket/);
});

it("lets no answer of the API be a page, or be framed", async () => {
  for (const path of ["/v1/folders", "/v1/nothing", "/v1/openapi.json", "/v1/messages/x/raw", "/letter", "/"]) {
    const { headers } = await call(service, "GET", path);
    const policy = String(headers["content-security-policy"]);
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toMatch(/frame-ancestors '(?:none|self)'/);
    expect(policy, path).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
    expect(headers, path).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
  }
});

it("stays usable with a conversation of more than a hundred, and says who wrote what under no name", async () => {
  const from = "=?utf-8?q?=E2=80=8B=E3=85=A4?= <ines@river.example>";
  const fields = (n: number) => [
    `Message-ID: <flood${n}@river.example>`,
    ...(n > 0 ? ["References: <flood0@river.example>"] : []),
  ];
  for (let n = 0; n < 120; n++) await mail("Re: Flood", `Number ${n}.`, { from, fields: fields(n) });
  await row("Flood").first().click();
  await opened().getByText("Number 119.").waitFor();
  await expect.poll(() => opened().locator("[id^=message-]").count()).toBe(20);
  // A name of which nothing is seen.
  expect(await row("Flood").first().textContent()).toContain("ines@river.example");
});

it("freezes at nothing that a stranger writes, and answers ten thousand people", async () => {
  const zone = ["BEGIN:VTIMEZONE", "TZID:X", "BEGIN:STANDARD", "DTSTART:19700101T000000", "RRULE:FREQ=SECONDLY"];
  const calendar = [
    ...["BEGIN:VCALENDAR", "METHOD:REQUEST", ...zone, "TZOFFSETFROM:+0100", "TZOFFSETTO:+0000", "END:STANDARD"],
    ...["END:VTIMEZONE", "BEGIN:VEVENT", "UID:1", "DTSTART;TZID=X:20270512T090000", "SUMMARY:A trap"],
    ...["URL:javascript:alert(1)", "END:VEVENT", "END:VCALENDAR", ""],
  ].join("\r\n");
  const crowd = Array.from({ length: 10_000 }, (_, n) => `u${n}@river.example`);
  const raw = await compose({
    to: ["alice@mesh.test", ...crowd],
    subject: `Trap ${"<img src=x onerror=alert(1)>".repeat(30)}`,
    text: `http://a.example/${".".repeat(90_000)}x ${")".repeat(90_000)}`,
    icalEvent: { method: "REQUEST", content: calendar },
  });
  await smtp.send("ines@river.example", ["alice@mesh.test"], raw);
  await row("Trap").click();
  await opened().getByRole("heading", { name: "A trap" }).waitFor();
  await opened().getByText("http://a.example/").first().waitFor();
  await page.keyboard.press("a");
  await composer().waitFor();
  await composer().getByRole("button", { name: "Close" }).click();
  await composer().waitFor({ state: "detached" });
});
