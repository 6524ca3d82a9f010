import { createHash } from "node:crypto";
import type { EntryKind } from "../aas/registry/outside-client.ts";
import type { OutsideEntry } from "../aas/registry/outside-entries.ts";
import type { Clock } from "../core/time.ts";
import type { RecordPort } from "../store/contract.ts";

/** What an outside registry was told of one entry last. */
export interface Told {
  readonly digest: string;
  /** Whether it has an entry of ours, the newest or an older one. */
  readonly there: boolean;
  /** Why it did not take the newest. */
  readonly refused?: string;
}

/** What one outside registry was told, kept over restarts. */
export interface RegisteredEntries {
  readonly registered: number;
  readonly refused: number;
  /** Counts what is kept; before the first `set`. */
  load(): Promise<void>;
  get(entry: OutsideEntry): Promise<Told | undefined>;
  /** `undefined`: the registry has nothing of it any more. */
  set(entry: OutsideEntry, told: Told | undefined): Promise<void>;
  /** All of them, page by page; they may be set meanwhile. */
  pages(): AsyncIterable<readonly OutsideEntry[]>;
}

const pageSize = 500;

export const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** Over records that several registries share. */
export function createRegisteredEntries(records: RecordPort, registry: string, clock: Clock): RegisteredEntries {
  let registered = 0;
  let refused = 0;
  const keyOf = ({ kind, id }: OutsideEntry): string => `${registry}\n${kind}\n${id}`;

  function count(told: Told | undefined, sign: 1 | -1): void {
    if (told?.there === true) registered += sign;
    if (told?.refused !== undefined) refused += sign;
  }

  async function get(entry: OutsideEntry): Promise<Told | undefined> {
    const row = await records.get(keyOf(entry));
    return row === undefined ? undefined : (JSON.parse(row.body) as Told);
  }

  async function* rows(): AsyncIterable<readonly { readonly entry: OutsideEntry; readonly told: Told }[]> {
    let after = 0;
    for (;;) {
      const page = await records.list({ limit: pageSize, after });
      yield page.items.flatMap(({ id: key, body }) => {
        const [of, kind = "", ...id] = key.split("\n");
        const entry = { kind: kind as EntryKind, id: id.join("\n") };
        return of === registry ? [{ entry, told: JSON.parse(body) as Told }] : [];
      });
      if (page.next === undefined) return;
      after = page.next;
    }
  }

  return {
    get registered() {
      return registered;
    },
    get refused() {
      return refused;
    },
    async load() {
      registered = 0;
      refused = 0;
      for await (const page of rows()) for (const { told } of page) count(told, 1);
    },
    get,
    async set(entry, told) {
      const before = await get(entry);
      if (told !== undefined) await records.put(keyOf(entry), JSON.stringify(told), clock.now());
      else if (before !== undefined) await records.delete(keyOf(entry));
      count(before, -1);
      count(told, 1);
    },
    async *pages() {
      for await (const page of rows()) yield page.map(({ entry }) => entry);
    },
  };
}
