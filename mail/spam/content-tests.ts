/**
 * What stands out in a message by itself. The weights are small: the classifier has seen each of these too, and knows
 * better how much it means. They are for mail that it has never seen the like of, and for the owner who asks why.
 */
import type { ParsedMessage } from "../parse/parsed-message.ts";
import { GTUBE } from "../screening/text.ts";
import { isInCapitals } from "./header-features.ts";
import type { HtmlSigns } from "./html-features.ts";
import type { LinkSigns } from "./link-features.ts";
import { type SpamTest, spamTest } from "./spam-test.ts";

export function contentTests(
  parsed: ParsedMessage,
  text: string,
  html: HtmlSigns | null,
  links: LinkSigns,
): SpamTest[] {
  const tests: SpamTest[] = [];
  const test = (fires: boolean, name: string, weight: number, words: string) => {
    if (fires) tests.push(spamTest(name, weight, words));
  };
  const { subject, from, message_id, date } = parsed;
  test(text.includes(GTUBE), "gtube", 1000, "It holds the test line of spam filters.");
  test(from === null, "no_from", 1, "It does not say whom it is from.");
  test(message_id === null && date === null, "no_identity", 0.5, "It has neither a Message-ID nor a date.");
  test(isInCapitals(subject), "subject_capitals", 0.5, "Its subject is all in capitals.");
  test(links.literal, "link_to_number", 1, "A link leads to a number instead of a name.");
  test(links.userName, "link_hides_host", 1, "A link shows another name in front of the host it leads to.");
  if (html !== null) {
    test(html.scripts > 0, "html_script", 0.5, "Its HTML holds a script.");
    test(html.forms > 0, "html_form", 0.5, "Its HTML holds a form to fill in.");
    test(html.hidden, "html_hidden_text", 0.5, "Its HTML holds text that is not to be seen.");
    const isPicture = html.images.length > 0 && text.trim().length < 200;
    test(isPicture, "html_only_pictures", 0.5, "It shows pictures and says hardly anything.");
  }
  return tests;
}
