/** The client attacked: by who uses the same browser, by broken networks and servers, and by what strangers send. */
import { expect, it } from "vitest";
import { logIn, PASSWORD } from "../../support/service.ts";
import { excuse, mail, messagesIn, page, row, service, setStage } from "./stage.ts";

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
  let isFirst = true;
  await page.route(/\/send$/, async (route) => {
    const response = await route.fetch();
    await (isFirst ? route.fulfill({ status: 503, body: "Busy" }) : route.fulfill({ response }));
    isFirst = false;
  });
  await composer().getByRole("button", { name: "Send", exact: true }).click();
  await composer().getByText("This is sent as soon as it can be").waitFor();
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.getByText("On its way.").waitFor();
  expect(await subjectsIn("alice@mesh.test", "sent")).toEqual(["From a private window"]);
  excuse(/ERR_FAILED|status of 503/);
});
