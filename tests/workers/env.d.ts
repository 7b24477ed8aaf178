/** The bindings and exports of the Worker under test. */
declare namespace Cloudflare {
  interface Env extends Omit<import("../../workers/env.ts").Env, never> {}
  interface GlobalProps {
    mainModule: typeof import("../../workers/index.ts");
  }
}
