/** What is kept, in IndexedDB: an answer a record, as JSON, and the head. */
import { clear, createStore } from "idb-keyval";
import { type Head, isOf, type Plan } from "./kept-head.ts";

const store = createStore("mailmesh-kept", "answers");
const HEAD = "head";

/** Has it ready for this account: what is another's goes, before anything else is done here. */
export const claim = (account: string, version: string): Promise<Head> =>
  inOne("readwrite", (records, resolve) => {
    withHead(records, (head) => {
      if (head && isOf(head, account, version)) return resolve(head);
      records.clear();
      const fresh: Head = { account, version, state: null, entries: {} };
      records.put(fresh, HEAD);
      resolve(fresh);
    });
  });

/** What is kept under some names, and the head that it belongs to. `names` may depend on the head and what was read first. */
export const recallAll = (
  names: (head: Head) => readonly string[],
): Promise<{ head: Head | undefined; found: Map<string, unknown> }> =>
  inOne("readonly", (records, resolve) => {
    withHead(records, (head) => {
      const found = new Map<string, unknown>();
      if (head === undefined) return resolve({ head, found });
      for (const name of names(head)) {
        const asked: IDBRequest<string | undefined> = records.get(name);
        asked.onsuccess = () => asked.result !== undefined && found.set(name, JSON.parse(asked.result));
      }
      resolve({ head, found });
    });
  });

/** Carries out what `plan` makes of the head, all of it or nothing. */
export const commit = (plan: (head: Head | undefined) => Plan): Promise<Plan["kind"]> =>
  inOne("readwrite", (records, resolve) => {
    withHead(records, (head) => {
      const planned = plan(head);
      if (planned.kind === "write") {
        for (const name of planned.drops) records.delete(name);
        for (const { name, json } of planned.puts) records.put(json, name);
        records.put(planned.head, HEAD);
      }
      resolve(planned.kind);
    });
  });

/** Nothing is left, and no page writes here until somebody signs in. */
export const forgetAll = async (): Promise<void> => clear(store);

const withHead = (records: IDBObjectStore, use: (head: Head | undefined) => void): void => {
  const asked: IDBRequest<Head | undefined> = records.get(HEAD);
  asked.onsuccess = () => use(asked.result);
};

/** One transaction. Rejects where a browser has no store, also where it says so at once. Resolves once it is done, with what `work` made of it. */
const inOne = async <T>(
  mode: IDBTransactionMode,
  work: (records: IDBObjectStore, resolve: (made: T) => void) => void,
): Promise<T> =>
  store(
    mode,
    (records) =>
      new Promise<T>((resolve, reject) => {
        const { transaction } = records;
        work(records, (made) => {
          transaction.oncomplete = () => resolve(made);
        });
        transaction.onabort = () => reject(transaction.error);
      }),
  );
