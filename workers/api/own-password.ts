/** `/v1/password`: the owner's own. What an operator sets for somebody else is in admin.ts. */
import { createRoute } from "@hono/zod-openapi";
import { Failure } from "../../contract/failure.ts";
import { ChangePassword } from "../../contract/sessions.ts";
import { hashPassword, newPassword } from "../accounts/password.ts";
import { tryPassword } from "../accounts/try-password.ts";
import { body, noContent, resource } from "./api-env.ts";
import { withCredentials } from "./with-credentials.ts";

export const ownPassword = resource();

ownPassword.openapi(
  createRoute({
    method: "put",
    path: "/",
    summary: "Change the password; every other session and every token ends",
    description: "The present one is needed, and is guessed at no faster than by logging in.",
    request: { body: body(ChangePassword) },
    responses: noContent,
  }),
  async (c) => {
    const { current_password, new_password } = c.req.valid("json");
    const { email, salt } = await withCredentials(c.var.session, (own) => own.passwordOwner());
    // Whoever found a browser open must not find out the password by it.
    const admitted = await tryPassword(c.env, c.req.raw, email);
    const present = await hashPassword(current_password, salt);
    const password = await newPassword(new_password);
    const isChanged = await withCredentials(c.var.session, (own) => own.changePassword(present, password));
    if (!isChanged) {
      throw new Failure("forbidden", "The present password is another one.", [
        { at: "body.current_password", message: "wrong" },
      ]);
    }
    await admitted.succeeded();
    return c.body(null, 204);
  },
);
