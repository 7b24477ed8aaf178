/** Prints one message, on paper as wide as it was laid out for. */

/** What fits on a page of A4 and of Letter between usual margins. */
const PAPER = "17cm";

export async function print(message: HTMLElement): Promise<void> {
  message.dataset.printed = "";
  message.style.inlineSize = PAPER;
  // The letter's frame says how high it is at that width.
  await new Promise((resolve) => setTimeout(resolve, 250));
  const before = document.title;
  document.title = document.querySelector("#subject")?.textContent ?? before;
  window.print();
  document.title = before;
  delete message.dataset.printed;
  message.style.inlineSize = "";
}
