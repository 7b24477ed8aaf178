/** The client: signing in and out, and what is shown when the place or the mail changes. */
import { call } from "./api.js";
import { loadFolders, refreshList, showFolders, showList, showOlder } from "./lists.js";
import { follow } from "./live.js";
import { showMessage } from "./message.js";
import { attempt, byId, currentPlace, linkTo, notify } from "./page.js";

/** @import { Changes } from "../../contract/changes.ts" */

/** The address that is signed in, to show it: the login itself is in a cookie that scripts cannot read. */
const ADDRESS = "mailmesh.address";
/** @type {HTMLFormElement} */
const signInForm = byId("sign-in");
const complaint = /** @type {HTMLElement} */ (signInForm.querySelector("[role=alert]"));
const searchBox = /** @type {HTMLInputElement} */ (byId("search").querySelector("input"));

async function start() {
  // The state first: what happens while the lists load is then among the changes.
  /** @type {Changes} */
  const { state } = await call("GET", "/changes");
  await loadFolders();
  signInForm.hidden = true;
  byId("mail").hidden = false;
  byId("address").textContent = localStorage.getItem(ADDRESS);
  const stop = follow(state, onChanges);
  addEventListener("signed-out", stop);
  await goTo();
}

async function goTo() {
  searchBox.value = currentPlace().query ?? "";
  showFolders();
  await Promise.all([showList(), showMessage()]);
}

let refreshing = Promise.resolve();

/** One refresh after the other: answers that overtake each other would show the past. @param {Changes} changes */
function onChanges(changes) {
  refreshing = refreshing.then(() => refresh(changes)).catch((error) => notify(error.message));
}

/** @param {Changes} changes */
async function refresh({ message, submission }) {
  await Promise.all([loadFolders().then(showFolders), refreshList()]);
  const open = currentPlace().message;
  if (open === null) return;
  if (message.destroyed.includes(open)) location.hash = linkTo({ ...currentPlace(), message: null });
  else if (message.changed.includes(open) || submission.changed.length > 0) await showMessage();
}

function showSignIn() {
  localStorage.removeItem(ADDRESS);
  // Nothing of the mail stays behind, on the page or in the memory of its scripts.
  if (!byId("mail").hidden) location.replace("/");
  signInForm.hidden = false;
}

signInForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  complaint.textContent = "";
  const { email, password } = Object.fromEntries(new FormData(signInForm));
  try {
    await call("POST", "/sessions", { email, password });
    localStorage.setItem(ADDRESS, String(email));
    signInForm.reset();
    await start();
  } catch (error) {
    complaint.textContent = error instanceof Error ? error.message : String(error);
  }
});
byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = linkTo({ query: searchBox.value.trim() });
});
const signOut = () => call("DELETE", "/sessions/current").then(() => dispatchEvent(new Event("signed-out")));
byId("sign-out").addEventListener("click", attempt(signOut));
byId("older").addEventListener("click", attempt(showOlder));
addEventListener("hashchange", attempt(goTo));
addEventListener("signed-out", showSignIn);
// A page that the browser kept for going back to shows what was there before signing out.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

// Whoever is not signed in here is not asked about at the server, which would answer 401.
if (localStorage.getItem(ADDRESS) === null) showSignIn();
else attempt(start)();
