/** What the operator's pages show. There are no live events of a deployment: each page asks when it is opened, or told to. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { DeadLetterList, DomainDetail, DomainList, DomainRelay } from "../../../contract/admin.ts";
import type { DnsCheck, DnsRecords } from "../../../contract/dns.ts";
import type { DomainPolicy } from "../../../contract/domain-policy.ts";
import type { QueueDestinationView, QueueHistory, QueueView } from "../../../contract/operator.ts";
import { call } from "../api/call.ts";

const fresh = { staleTime: 0 } as const;
export const domainPath = (name: string) => `/admin/domains/${encodeURIComponent(name)}`;
export const destinationPath = (name: string) => `/admin/queue/${encodeURIComponent(name)}`;
export const accountPath = (email: string) => `/admin/accounts/${encodeURIComponent(email)}`;

export const domainsQuery = queryOptions({
  ...fresh,
  queryKey: ["admin", "domains"],
  queryFn: async ({ signal }) => (await call<z.infer<typeof DomainList>>("GET", "/admin/domains", { signal })).domains,
});

export const domainQuery = (name: string) =>
  queryOptions({
    ...fresh,
    queryKey: ["admin", "domain", name],
    queryFn: ({ signal }) => call<z.infer<typeof DomainDetail>>("GET", domainPath(name), { signal }),
  });

export const dnsQuery = (name: string) =>
  queryOptions({
    ...fresh,
    queryKey: ["admin", "dns", name],
    queryFn: ({ signal }) => call<DnsRecords>("GET", `${domainPath(name)}/dns`, { signal }),
  });

/** Asks the DNS of the world, which takes its time. */
export const dnsCheckQuery = (name: string) =>
  queryOptions({
    ...fresh,
    queryKey: ["admin", "dns-check", name],
    queryFn: ({ signal }) => call<DnsCheck>("GET", `${domainPath(name)}/dns/check`, { signal }),
  });

export const relayQuery = (name: string) =>
  queryOptions({
    ...fresh,
    queryKey: ["admin", "relay", name],
    queryFn: ({ signal }) => call<z.infer<typeof DomainRelay>>("GET", `${domainPath(name)}/relay`, { signal }),
  });

export const policyQuery = (name: string) =>
  queryOptions({
    ...fresh,
    queryKey: ["admin", "policy", name],
    queryFn: ({ signal }) => call<DomainPolicy>("GET", `${domainPath(name)}/policy`, { signal }),
  });

export const queueQuery = infiniteQueryOptions({
  ...fresh,
  queryKey: ["admin", "queue"],
  queryFn: ({ pageParam, signal }) => call<QueueView>("GET", `/admin/queue${cursorOf(pageParam)}`, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
});

export const queueHistoryQuery = queryOptions({
  ...fresh,
  queryKey: ["admin", "queue-history"],
  queryFn: ({ signal }) => call<QueueHistory>("GET", "/admin/queue-history", { signal }),
});

export const destinationQuery = (name: string) =>
  infiniteQueryOptions({
    ...fresh,
    queryKey: ["admin", "queue", name],
    queryFn: ({ pageParam, signal }) =>
      call<QueueDestinationView>("GET", `${destinationPath(name)}${cursorOf(pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const deadLettersQuery = queryOptions({
  ...fresh,
  queryKey: ["admin", "dead-letters"],
  queryFn: async ({ signal }) =>
    (await call<z.infer<typeof DeadLetterList>>("GET", "/admin/dead-letters", { signal })).dead_letters,
});

const cursorOf = (cursor: string | null) => (cursor === null ? "" : `?${new URLSearchParams({ cursor })}`);
