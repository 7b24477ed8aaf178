/** Senders whose remote images are shown without asking. Whether one is such a sender, the server says of each message. */
import type { Message } from "../../../contract/messages.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";

/** It is remembered of whom it is certain that the mail is theirs: of others a forger would profit. */
export const canBeRemembered = ({ from, authentication, shows_images }: Message): boolean =>
  from !== null && authentication?.sender === "verified" && !shows_images;

export async function rememberSender(sender: string): Promise<void> {
  await call("POST", "/image-senders", { body: { sender } });
  await queryClient.invalidateQueries({ queryKey: keys.messages });
}

export async function forgetSender(sender: string): Promise<void> {
  await call("DELETE", `/image-senders/${encodeURIComponent(sender)}`);
  await queryClient.invalidateQueries({ queryKey: keys.messages });
}
