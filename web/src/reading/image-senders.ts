/** Senders whose remote images are shown without asking. Whether one is such a sender, the server says of each message. */
import type { Message } from "../../../contract/messages.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";
import { queryClient } from "../api/query-client.ts";

/** A server that keeps no such list says nothing of it. */
type WithImages = Message & { shows_images?: boolean };

export const showsImages = (message: WithImages): boolean => message.shows_images === true;

/** It is remembered of whom it is certain that the mail is theirs: of others a forger would profit. */
export const canBeRemembered = (message: WithImages): boolean =>
  message.shows_images !== undefined && message.from !== null && message.authentication?.sender === "verified";

export async function rememberSender(sender: string): Promise<void> {
  await call("POST", "/image-senders", { body: { sender } });
  await queryClient.invalidateQueries({ queryKey: keys.messages });
}

export async function forgetSender(sender: string): Promise<void> {
  await call("DELETE", `/image-senders/${encodeURIComponent(sender)}`);
  await queryClient.invalidateQueries({ queryKey: keys.messages });
}
