/** `/v1/filters`: what is done with mail that comes, in what order, and with mail that is here. */
import { createRoute, z } from "@hono/zod-openapi";
import { Failure } from "../../contract/failure.ts";
import {
  CreateFilter,
  Filter,
  type FilterActions,
  FilterId,
  FilterList,
  FilterOrder,
  FilterRun,
  FilterRunId,
  FilterRunList,
  FilterTest,
  TestFilter,
  UpdateFilter,
} from "../../contract/filters.ts";
import type { ProblemIssue } from "../../contract/problem.ts";
import type { Env } from "../env.ts";
import { canonicalAddress, ownAddress } from "../outbound/own-address.ts";
import { body, json, noContent, problems, resource } from "./api-env.ts";
import { testFilter } from "./test-filter.ts";
import { withRules } from "./with-rules.ts";

export const filters = resource();

const id = z.object({ id: FilterId });
const run = z.object({ id: FilterId, run_id: FilterRunId });

filters.openapi(
  createRoute({
    method: "get",
    path: "/",
    summary: "The filters, in the order in which they are asked",
    responses: { 200: json(FilterList, "All of them"), ...problems },
  }),
  async (c) => c.json({ filters: await withRules(c.var.session, (rules) => rules.listFilters()) }, 200),
);

filters.openapi(
  createRoute({
    method: "post",
    path: "/",
    summary: "Make a filter, the last in the order",
    request: { body: body(CreateFilter) },
    responses: { 201: json(Filter, "The filter"), ...problems },
  }),
  async (c) => {
    const wanted = c.req.valid("json");
    const actions = await withTargets(c.env, c.var.user_id, wanted.actions);
    return c.json(await withRules(c.var.session, (rules) => rules.createFilter({ ...wanted, actions })), 201);
  },
);

filters.openapi(
  createRoute({
    method: "put",
    path: "/order",
    summary: "Set the order: the id of each filter, once",
    request: { body: body(FilterOrder) },
    responses: { 200: json(FilterList, "The filters in their new order"), ...problems },
  }),
  async (c) =>
    c.json({ filters: await withRules(c.var.session, (rules) => rules.orderFilters(c.req.valid("json").ids)) }, 200),
);

filters.openapi(
  createRoute({
    method: "post",
    path: "/test",
    summary: "What a filter would match of the mail that is here",
    request: { body: body(TestFilter) },
    responses: { 200: json(FilterTest, "The newest of them, and how many"), ...problems },
  }),
  async (c) => c.json(await withRules(c.var.session, (rules) => testFilter(c.env, rules, c.req.valid("json"))), 200),
);

filters.openapi(
  createRoute({
    method: "get",
    path: "/{id}",
    summary: "A filter",
    request: { params: id },
    responses: { 200: json(Filter, "The filter"), ...problems },
  }),
  async (c) => c.json(await withRules(c.var.session, (rules) => rules.readFilter(c.req.valid("param").id)), 200),
);

filters.openapi(
  createRoute({
    method: "patch",
    path: "/{id}",
    summary: "Change a filter",
    request: { params: id, body: body(UpdateFilter) },
    responses: { 200: json(Filter, "The filter as it is now"), ...problems },
  }),
  async (c) => {
    const update = c.req.valid("json");
    const actions = update.actions && (await withTargets(c.env, c.var.user_id, update.actions));
    return c.json(
      await withRules(c.var.session, (rules) => rules.updateFilter(c.req.valid("param").id, { ...update, actions })),
      200,
    );
  },
);

filters.openapi(
  createRoute({
    method: "delete",
    path: "/{id}",
    summary: "Delete a filter; its runs end",
    request: { params: id },
    responses: noContent,
  }),
  async (c) => {
    await withRules(c.var.session, (rules) => rules.deleteFilter(c.req.valid("param").id));
    return c.body(null, 204);
  },
);

filters.openapi(
  createRoute({
    method: "post",
    path: "/{id}/runs",
    summary: "Do it to the mail that is here, in the background; nothing is forwarded or answered",
    request: { params: id },
    responses: { 202: json(FilterRun, "The run, which has begun"), ...problems },
  }),
  async (c) => c.json(await withRules(c.var.session, (rules) => rules.startRun(c.req.valid("param").id)), 202),
);

filters.openapi(
  createRoute({
    method: "get",
    path: "/{id}/runs",
    summary: "The runs of a filter, newest first",
    request: { params: id },
    responses: { 200: json(FilterRunList, "Those of the last thirty days"), ...problems },
  }),
  async (c) =>
    c.json({ runs: await withRules(c.var.session, (rules) => rules.listRuns(c.req.valid("param").id)) }, 200),
);

filters.openapi(
  createRoute({
    method: "get",
    path: "/{id}/runs/{run_id}",
    summary: "How far a run is",
    request: { params: run },
    responses: { 200: json(FilterRun, "The run"), ...problems },
  }),
  async (c) => {
    const { id, run_id } = c.req.valid("param");
    return c.json(await withRules(c.var.session, (rules) => rules.readRun(id, run_id)), 200);
  },
);

filters.openapi(
  createRoute({
    method: "delete",
    path: "/{id}/runs/{run_id}",
    summary: "Cancel a run; what it did stays",
    request: { params: run },
    responses: { 200: json(FilterRun, "The run as it is now"), ...problems },
  }),
  async (c) => {
    const { id, run_id } = c.req.valid("param");
    return c.json(await withRules(c.var.session, (rules) => rules.cancelRun(id, run_id)), 200);
  },
);

/** The addresses that it forwards to, each once in its one spelling. Throws `invalid_recipients`. */
async function withTargets(env: Env, userId: string, actions: FilterActions): Promise<FilterActions> {
  const issues: ProblemIssue[] = [];
  const targets = new Set<string>();
  for (const [n, email] of actions.forward_to.entries()) {
    const at = `body.actions.forward_to.${n}`;
    const address = canonicalAddress(email);
    if (address === null) issues.push({ at, message: `${JSON.stringify(email)} is not a valid address` });
    // It would come back, be forwarded, come back …
    else if ((await ownAddress(env, userId, address)) !== null)
      issues.push({ at, message: "an address of this account" });
    else targets.add(address);
  }
  if (issues.length > 0)
    throw new Failure("invalid_recipients", "The filter cannot forward to these addresses.", issues);
  return { ...actions, forward_to: [...targets] };
}
