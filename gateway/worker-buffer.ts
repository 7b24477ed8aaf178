/** What `require("buffer")` of a CommonJS package means in the Worker's bundle, as wrangler has it too. */
export { Buffer } from "node:buffer";
