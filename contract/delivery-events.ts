/**
 * What Cloudflare's Email Sending says of a message after it took it, on a queue that subscribes to the sending domain.
 * https://developers.cloudflare.com/email-service/platform/event-subscriptions/
 */
import { z } from "zod";

const TYPE = /^cf\.email\.sending\.message\.(delivered|deferred|bounced|failed|rejected|complained)$/;

export const DeliveryEvent = z.object({
  type: z
    .string()
    .regex(TYPE)
    .transform((type) => z.enum(EVENT_KINDS).parse(TYPE.exec(type)?.[1])),
  payload: z.object({
    /** What `send()` returned. */
    messageId: z.string().min(1).max(998),
    sender: z.string(),
    recipient: z.string(),
    delivery: z
      .object({ smtpEnhancedStatusCode: z.string().optional(), smtpResponse: z.string().optional() })
      .default({}),
    bounce: z.object({ reason: z.string().optional() }).optional(),
    failure: z.object({ reason: z.string().optional() }).optional(),
    rejection: z.object({ reason: z.string().optional(), detail: z.string().optional() }).optional(),
  }),
  metadata: z.object({ eventTimestamp: z.iso.datetime() }),
});
export type DeliveryEvent = z.infer<typeof DeliveryEvent>;

const EVENT_KINDS = ["delivered", "deferred", "bounced", "failed", "rejected", "complained"] as const;
