import type { Collection, LeafAddress } from "../../core/document.ts";
import { leafKey } from "../../core/plan.ts";
import { type SignalTuple, toSignal } from "../form/signal-row.ts";
import { checkText } from "../form/text-check.ts";
import type { PartSeries, SignalRow } from "../series-contract.ts";
import { type Counters, lockCounters, writeCounters } from "./counters.ts";
import type { Session } from "./session.ts";
import type { TenantDatabase } from "./tenant-database.ts";

interface Address extends LeafAddress {
  readonly series: number;
  readonly linked: boolean;
  readonly from_at: number;
  readonly to_at: number | null;
}

const span = ({ series, from_at, to_at }: Address) => ({
  series,
  from: from_at,
  ...(to_at === null ? {} : { to: to_at }),
});

/** Series, the addresses at which they are and were shown, and their signals. */
export class SeriesTable {
  readonly #database: TenantDatabase;

  constructor(database: TenantDatabase) {
    this.#database = database;
  }

  /** `leaves`: where a series is to be shown from now on, in the same write. */
  async ensure(
    keys: readonly string[],
    at: number,
    leaves: readonly (LeafAddress | undefined)[] = [],
  ): Promise<readonly number[]> {
    for (const key of keys) checkText(key, "key");
    const { tenant } = this.#database;
    let known = await this.#database.with((session) => this.#find(session, keys));
    if (leaves.some((leaf) => leaf !== undefined) || keys.some((key) => !known.has(key))) {
      known = await this.#database.write(async (session) => {
        const counters = await lockCounters(session, tenant);
        const found = await this.#made(session, counters, keys, at);
        await writeCounters(session, tenant, counters);
        const shown = keys.flatMap((key, index) => {
          const [series, leaf] = [found.get(key), leaves[index]];
          return series === undefined || leaf === undefined ? [] : [[series, [leaf]] as const];
        });
        await this.#show(session, new Map(shown), at, false);
        return found;
      });
    }
    return keys.map((key) => known.get(key) ?? 0);
  }

  async address(series: ReadonlyMap<number, readonly LeafAddress[]>, at: number, linked: boolean): Promise<void> {
    await this.#database.write(async (session) => {
      await lockCounters(session, this.#database.tenant);
      await this.#show(session, series, at, linked);
    });
  }

  async #find(session: Session, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await session.all<{ key: string; id: number }>(
      "SELECT key, id FROM series WHERE tenant = ? AND key = ANY(?::text[])",
      [this.#database.tenant, keys],
    );
    return new Map(rows.map(({ key, id }) => [key, id]));
  }

  async #made(session: Session, counters: Counters, keys: readonly string[], at: number) {
    const there = await this.#find(session, keys);
    const missing = [...new Set(keys)].filter((key) => !there.has(key));
    if (missing.length === 0) return there;
    const ids = missing.map((_, index) => counters.series + 1 + index);
    counters.series += missing.length;
    await session.change(
      "INSERT INTO series (tenant, created_at, id, key) SELECT ?::int, ?::float8, w.* FROM unnest(?::bigint[], ?::text[]) AS w",
      [this.#database.tenant, at, ids, missing],
    );
    return new Map([...there, ...missing.map((key, index) => [key, ids[index] ?? 0] as const)]);
  }

  /** While the tenant's counters are locked. */
  async #show(session: Session, series: ReadonlyMap<number, readonly LeafAddress[]>, at: number, linked: boolean) {
    if (series.size === 0) return;
    const { tenant } = this.#database;
    const rows = await session.all<Address>(
      `SELECT series, collection, document, part, linked, from_at, to_at FROM series_address
       WHERE tenant = ? AND series = ANY(?::bigint[]) AND to_at IS NULL`,
      [tenant, [...series.keys()]],
    );
    const current = Map.groupBy(rows, (row) => row.series);
    const changes = [...series].map(([id, leaves]) => changesOf(id, leaves, current.get(id) ?? [], at, linked));
    const of = (kind: keyof (typeof changes)[number]) => changes.flatMap((change) => change[kind]);
    await this.#change(session, "DELETE FROM series_address a USING w WHERE", of("forgotten"), []);
    await this.#change(session, "UPDATE series_address a SET to_at = ? FROM w WHERE", of("ended"), [at]);
    await this.#change(session, "UPDATE series_address a SET linked = ? FROM w WHERE", of("marked"), [linked]);
    const added = of("added");
    if (added.length === 0) return;
    await session.change(
      `INSERT INTO series_address (tenant, linked, from_at, collection, document, part, series)
       SELECT ?::int, ?::boolean, ?::float8, w.* FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[]) AS w
       ON CONFLICT (tenant, collection, document, part, from_at, series)
       DO UPDATE SET to_at = NULL, linked = excluded.linked`,
      [tenant, linked, at, ...columnsOf(added)],
    );
  }

  async at({ collection, document, part }: LeafAddress) {
    const rows = await this.#database.all<Address>(
      `SELECT series, from_at, to_at FROM series_address
       WHERE tenant = ? AND collection = ? AND document = ? AND part = ? ORDER BY from_at, series`,
      [this.#database.tenant, collection, document, part],
    );
    return rows.map(span);
  }

  async of(collection: Collection, documents: readonly string[]): Promise<ReadonlyMap<string, readonly PartSeries[]>> {
    const rows = await this.#database.all<Address>(
      `SELECT document, part, series, linked, from_at, to_at FROM series_address
       WHERE tenant = ? AND collection = ? AND document = ANY(?::text[]) ORDER BY part, from_at, series`,
      [this.#database.tenant, collection, documents],
    );
    const grouped = Map.groupBy(rows, ({ document }) => document);
    return new Map(
      [...grouped].map(([document, own]) => [
        document,
        own.map((row) => ({ part: row.part, linked: row.linked, ...span(row) })),
      ]),
    );
  }

  /** In the order asked for; series without a signal are left out. */
  async signals(series: readonly number[]): Promise<readonly SignalRow[]> {
    if (series.length === 0) return [];
    const rows = await this.#database.with((session) =>
      session.columns(
        `SELECT series, kind, num, text, quality, code, at, received_at, created_at, modified_at FROM signal
         WHERE tenant = ? AND series = ANY(?::bigint[])`,
        [this.#database.tenant, series],
      ),
    );
    const found = new Map(rows.map((row) => [row[0] as number, row as unknown as SignalTuple]));
    return series.flatMap((id) => {
      const row = found.get(id);
      return row === undefined ? [] : [toSignal(row)];
    });
  }

  async #change(
    session: Session,
    text: string,
    addresses: readonly Address[],
    parameters: readonly (number | boolean)[],
  ): Promise<void> {
    if (addresses.length === 0) return;
    const columns = [...columnsOf(addresses), addresses.map((one) => one.from_at)];
    await session.change(
      `WITH w AS (SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::float8[])
         AS w (collection, document, part, series, from_at))
       ${text} a.tenant = ? AND a.collection = w.collection AND a.document = w.document AND a.part = w.part
         AND a.series = w.series AND a.from_at = w.from_at`,
      [...columns, ...parameters, this.#database.tenant],
    );
  }
}

const columnsOf = (addresses: readonly (LeafAddress & { readonly series: number })[]) => [
  addresses.map((one) => one.collection),
  addresses.map((one) => one.document),
  addresses.map((one) => one.part),
  addresses.map((one) => one.series),
];

function changesOf(
  series: number,
  leaves: readonly LeafAddress[],
  current: readonly Address[],
  at: number,
  linked: boolean,
) {
  const wanted = new Map(leaves.map((leaf) => [leafKey(leaf), { ...leaf, series }]));
  const [marked, forgotten, ended]: Address[][] = [[], [], []];
  for (const old of current) {
    const stays = wanted.delete(leafKey(old));
    if (stays && old.linked !== linked) marked?.push(old);
    // One that began at this very time was never shown to anybody.
    else if (!stays && old.from_at >= at) forgotten?.push(old);
    else if (!stays) ended?.push(old);
  }
  return {
    marked: marked ?? [],
    forgotten: forgotten ?? [],
    ended: ended ?? [],
    added: [...wanted.values()] as Address[],
  };
}
