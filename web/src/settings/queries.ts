/**
 * What the sections show. Changes name most of it by its path; the rest is asked for again whenever its section is opened,
 * for it may have been set on another device.
 */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { DisposableAlias } from "../../../contract/disposable-aliases.ts";
import type { Filter } from "../../../contract/filters.ts";
import type { Import, ImportSummary } from "../../../contract/imports.ts";
import type { SenderTreatmentPage } from "../../../contract/sender-treatments.ts";
import type { Sending } from "../../../contract/sending.ts";
import type { AppToken, OpenSession } from "../../../contract/sessions.ts";
import type { SieveState } from "../../../contract/sieve.ts";
import type { SuppressionPage } from "../../../contract/suppressions.ts";
import type { Template } from "../../../contract/templates.ts";
import type { Vacation } from "../../../contract/vacation.ts";
import { call } from "../api/call.ts";
import { keys } from "../api/keys.ts";

export const filtersQuery = queryOptions({
  queryKey: ["filters"],
  queryFn: async ({ signal }) => (await call<{ filters: Filter[] }>("GET", "/filters", { signal })).filters,
});

export const sieveQuery = queryOptions({
  queryKey: ["sieve"],
  queryFn: ({ signal }) => call<SieveState>("GET", "/sieve", { signal }),
});

export const vacationQuery = queryOptions({
  queryKey: ["vacation"],
  queryFn: ({ signal }) => call<Vacation>("GET", "/vacation", { signal }),
});

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: async ({ signal }) => (await call<{ templates: Template[] }>("GET", "/templates", { signal })).templates,
});

export const aliasesQuery = queryOptions({
  queryKey: ["aliases"],
  queryFn: async ({ signal }) => (await call<{ aliases: DisposableAlias[] }>("GET", "/aliases", { signal })).aliases,
  staleTime: 0,
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await call<{ sessions: OpenSession[] }>("GET", "/sessions", { signal })).sessions,
  staleTime: 0,
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await call<{ tokens: AppToken[] }>("GET", "/tokens", { signal })).tokens,
  staleTime: 0,
});

export const sendingQuery = queryOptions({
  queryKey: ["sending"],
  queryFn: ({ signal }) => call<Sending>("GET", "/sending", { signal }),
  staleTime: 0,
});

export const importsQuery = queryOptions({
  queryKey: keys.imports,
  queryFn: async ({ signal }) => (await call<{ imports: ImportSummary[] }>("GET", "/imports", { signal })).imports,
});

/** With what could not be read. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.imports, id],
    queryFn: ({ signal }) => call<Import>("GET", `/imports/${id}`, { signal }),
  });

export type SenderList = "blocked-senders" | "never-junk-senders" | "image-senders";

export const sendersQuery = (list: SenderList) =>
  infiniteQueryOptions({
    queryKey: [list, "pages"],
    queryFn: ({ pageParam, signal }) => call<SenderTreatmentPage>("GET", `/${list}?${pageOf(pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const suppressionsQuery = infiniteQueryOptions({
  queryKey: ["suppressions"],
  queryFn: ({ pageParam, signal }) => call<SuppressionPage>("GET", `/suppressions?${pageOf(pageParam)}`, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
  staleTime: 0,
});

const pageOf = (cursor: string | null) => new URLSearchParams({ limit: "100", ...(cursor === null ? {} : { cursor }) });
