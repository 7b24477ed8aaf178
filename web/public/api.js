/** The REST API as this page calls it. Who is calling stands in a cookie that no script can read. */

/**
 * Throws with what the problem details of a refusal say (RFC 9457).
 * @template T
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {RequestInit} [init]
 * @returns {Promise<T>}
 */
export async function call(method, path, body, init = {}) {
  const headers = { ...init.headers, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const request = { ...init, method, headers, body: body === undefined ? null : JSON.stringify(body) };
  const response = await fetch(`/v1${path}`, request).catch(() => {
    throw new Error("The server cannot be reached.");
  });
  if (response.status === 401) dispatchEvent(new Event("signed-out"));
  if (!response.ok) {
    /** @type {Partial<import("../../contract/problem.ts").Problem>} */
    const { detail, title, issues = [] } = await response.json().catch(() => ({}));
    const reason = detail ?? title ?? `The server answered ${response.status}.`;
    throw new Error([reason, ...issues.map(({ message }) => message)].join(" "));
  }
  return JSON.parse((await response.text()) || "null"); // 204 has no body
}
