/** Show: what we sign verifies with mailauth. dkimpy and OpenDKIM look at the same messages in tests/system. */
import { expect, it } from "vitest";
import { verdictsOf } from "../../mail/dkim/verify.test-support.ts";
import { signedMessages } from "../support/signed-messages.ts";

it("200 varied messages verify with mailauth, by both keys", async () => {
  const { messages, records } = await signedMessages(Date.now());
  expect(messages).toHaveLength(200);
  const verdicts = await Promise.all(
    messages.map(async ({ name, raw }) => [name, ...(await verdictsOf(raw, records))]),
  );
  const wrong = verdicts.filter(([, ...both]) => both.join() !== "rsa-sha256 pass,ed25519-sha256 pass");
  expect(wrong).toEqual([]);
});
