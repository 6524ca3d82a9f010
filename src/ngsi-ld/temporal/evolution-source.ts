import { HubError } from "../../core/errors.ts";
import type { Store } from "../../store/contract.ts";
import type { HistoryQuery, HistoryRow, PartSeries } from "../../store/series-contract.ts";
import type { AttributeBody } from "../entity/entity.ts";
import type { QualityNames } from "../entity/live-attribute.ts";
import { datasetOfKey } from "../entity/part-key.ts";
import { isObject, parseJson } from "../json/json.ts";
import type { EvolutionHead, Instance } from "./evolution.ts";
import { type InstanceSource, instanceOf } from "./past-instance.ts";
import type { TimeWindow } from "./temporal-query.ts";

/** Where an entity's scope has its history, among the attributes' (4.5.6). */
export const SCOPE = "scope";

/** One series of one attribute of one entity. */
export interface Source extends InstanceSource {
  readonly name: string;
  /** The commits that were shown at the attribute; a series of its own has all. */
  readonly from: number;
  readonly to: number;
}

export interface KnownEvolution {
  readonly head: EvolutionHead;
  /** By expanded name; `scope` among them. */
  readonly sources: ReadonlyMap<string, readonly Source[]>;
}

/** Finds the series of entities' attributes, and reads them as instances. */
export class EvolutionSource {
  readonly #store: Store;
  readonly #names: QualityNames;

  constructor(store: Store, names: QualityNames) {
    this.#store = store;
    this.#names = names;
  }

  async known(heads: readonly EvolutionHead[]): Promise<readonly KnownEvolution[]> {
    const found = await this.#store.series.of(
      "entity",
      heads.map(({ id }) => id),
    );
    return Promise.all(
      heads.map(async (head) => ({ head, sources: await this.#sources(head.id, found.get(head.id)) })),
    );
  }

  async #sources(id: string, series: readonly PartSeries[] = []): Promise<ReadonlyMap<string, readonly Source[]>> {
    const sources = await Promise.all(
      series.map(async ({ part, series: one, linked, from, to = Number.POSITIVE_INFINITY }): Promise<Source> => {
        const name = part.split(" ", 1)[0] ?? part;
        const datasetId = datasetOfKey(part);
        if (!linked) return { series: one, name, datasetId, linked: undefined, from: Number.NEGATIVE_INFINITY, to };
        return { series: one, name, datasetId, linked: await this.#linkedBody(id, part, datasetId), from, to };
      }),
    );
    return Map.groupBy(sources, ({ name }) => name);
  }

  /** What the mapping says of the attribute; sub-attributes of clients have no history. */
  async #linkedBody(id: string, part: string, datasetId: string | undefined): Promise<AttributeBody> {
    const stored = await this.#store.documents.part("entity", id, part);
    const body = stored === undefined ? {} : parseJson(stored.body);
    const { type = "Property", unitCode } = isObject(body) ? body : {};
    return {
      type,
      ...(unitCode === undefined ? {} : { unitCode }),
      ...(datasetId === undefined ? {} : { datasetId }),
    };
  }

  /** Instances of each source, in the order asked for; `full`: there may be more. */
  async read(
    sources: readonly Source[],
    window: Pick<TimeWindow, "by" | "from" | "to">,
    page: Pick<HistoryQuery, "limit" | "order">,
  ): Promise<ReadonlyMap<Source, { readonly instances: readonly PlacedInstance[]; readonly full: boolean }>> {
    const { by, from, to } = window;
    const range = { by, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    const rows = await this.#store.series.histories([...new Set(sources.map(({ series }) => series))], {
      ...range,
      ...page,
    });
    return new Map(
      sources.map((source) => {
        const found = rows.get(source.series) ?? [];
        const instances = found.flatMap((row) => this.#placed(row, source, by));
        return [source, { instances, full: found.length >= page.limit }];
      }),
    );
  }

  /** All instances of a window, where they are not too many to be judged. Throws HubError `too-complex`. */
  async readAll(sources: readonly Source[], window: Pick<TimeWindow, "by" | "from" | "to">) {
    const found = await this.read(sources, window, { limit: MOST_JUDGED + 1, order: "oldest-first" });
    for (const [{ name }, { full }] of found) {
      if (!full) continue;
      const message = `more than ${MOST_JUDGED} instances of ${name} would have to be judged; ask for a shorter time`;
      throw new HubError("too-complex", message);
    }
    return found;
  }

  #placed(row: HistoryRow, source: Source, by: TimeWindow["by"]): readonly PlacedInstance[] {
    const createdAt = row.createdAt ?? row.modifiedAt;
    if (createdAt < source.from || createdAt >= source.to) return [];
    const instance = instanceOf(row, source, by, this.#names);
    return instance === undefined ? [] : [{ ...instance, at: row.at, ordinal: Number(row.instance) }];
  }
}

/** An instance with what it is sorted by. */
export interface PlacedInstance extends Instance {
  readonly at: number;
  readonly ordinal: number;
}

const MOST_JUDGED = 10_000;
