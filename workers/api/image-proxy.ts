/**
 * `/v1/proxy/image`: images of messages, fetched on behalf of whoever reads them, so that their owner learns neither who
 * that is nor where. The address is its own permission: see images/signed-address.ts.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { MAX_KEPT_IMAGE_BYTES } from "../../contract/limits.ts";
import { fetchImage, type ImageRefusal } from "../images/fetch-image.ts";
import { findImage, keepImage } from "../images/image-cache.ts";
import { isSigned, SignedImage } from "../images/signed-address.ts";
import { problems, resource } from "./api-env.ts";
import { problem } from "./problem.ts";

export const imageProxy = resource();

imageProxy.openapi(
  createRoute({
    method: "get",
    path: "/image",
    summary: "An image of a message, by an address that opening the message with `images=proxied` gave",
    security: [],
    request: { query: SignedImage },
    responses: {
      200: { description: "The image", content: { "image/*": { schema: z.string() } } },
      ...problems,
    },
  }),
  async (c) => {
    const image = c.req.valid("query");
    if (!isSigned(c.env, image, Date.now())) {
      return problem({
        reason: "forbidden",
        detail: "The address is not one that was given out, or is no longer valid.",
      });
    }
    const kept = await findImage(c.env, image);
    if (kept !== null) return shown(kept.type, kept.body);
    if (!(await c.env.IMAGE_RATE.limit({ key: image.account })).success) {
      return problem({ reason: "rate_limited", retry_after_seconds: 60 });
    }
    const fetched = await fetchImage(c.env, image.url);
    if (!fetched.ok) return problem({ reason: "not_found", detail: WHY_NOT[fetched.error.reason] });
    const { type, body } = fetched.value;
    if (body instanceof Uint8Array && body.byteLength <= MAX_KEPT_IMAGE_BYTES) {
      // Who cannot be given it from here the next time is given it from there.
      await keepImage(c.env, image, type, body).catch((error) => console.warn("an image was not kept", { error }));
    }
    return shown(type, body);
  },
);

/** Bytes of a stranger: an image if they are one, and nothing else in any case. */
function shown(type: string, body: BodyInit): Response {
  return new Response(body, {
    headers: {
      "content-type": type,
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "private, max-age=604800, immutable",
    },
  });
}

const NOWHERE = "The image's address is not one of the public web.";
const WHY_NOT: Record<ImageRefusal["reason"], string> = {
  url_malformed: NOWHERE,
  url_too_long: NOWHERE,
  scheme_refused: NOWHERE,
  port_refused: NOWHERE,
  credentials_refused: NOWHERE,
  host_refused: NOWHERE,
  too_many_redirects: "The image's address leads on and on.",
  unreachable: "The image's server does not answer.",
  status: "The image's server does not have it.",
  not_an_image: "What is there is not an image.",
  image_too_large: "The image is too large.",
};
