import type { RowKey } from "../../store/series-contract.ts";
import type { PastInstance } from "../../twin/contract.ts";
import { partKey } from "../entity/part-key.ts";
import { isObject, type Json, sameJson } from "../json/json.ts";
import type { EvolutionHead } from "./evolution.ts";
import { type EvolutionSource, type PlacedInstance, SCOPE, type Source } from "./evolution-source.ts";
import { rowKeyOf } from "./instance-id.ts";

export interface SortedOut {
  readonly added: readonly PastInstance[];
  readonly replaced: readonly { readonly row: RowKey; readonly instance: PastInstance }[];
}

/**
 * What is sent is added, unless the attribute's dataset has an instance of that very moment: an attribute is one thing at
 * a time (CIM 009 4.5.7), so it takes that one's place, and what was sent before can be sent again. The measurements of a
 * link stay: a client's instance stands beside them.
 */
export async function sortOut(
  source: EvolutionSource,
  head: EvolutionHead,
  instances: readonly PastInstance[],
): Promise<SortedOut> {
  const [known] = await source.known([head]);
  const own = [...(known?.sources.values() ?? [])].flat().filter(({ linked }) => linked === undefined);
  const byPart = new Map(own.map((one) => [one.name === SCOPE ? SCOPE : partKey(one.name, one.datasetId), one]));
  const added: PastInstance[] = [];
  const replaced: { row: RowKey; instance: PastInstance }[] = [];
  const timed = Map.groupBy(instances, ({ at }) => at);
  for (const [at, some] of timed) {
    const sources =
      at === undefined
        ? []
        : some.flatMap(({ leaf, value }) => (value === undefined ? (byPart.get(leaf.part) ?? []) : []));
    const there = await instancesAt(source, sources, at);
    for (const instance of some) {
      const old = there
        .get(byPart.get(instance.leaf.part)?.series ?? -1)
        ?.find(({ body }) => isSameMoment(body, instance));
      const row = old && rowKeyOf(old.instanceId);
      if (old === undefined || row === undefined || instance.value !== undefined) added.push(instance);
      else if (!sameJson(old.body, instance.body as Json)) replaced.push({ row, instance });
    }
  }
  return { added, replaced };
}

async function instancesAt(
  source: EvolutionSource,
  sources: readonly Source[],
  at: number | undefined,
): Promise<ReadonlyMap<number, readonly PlacedInstance[]>> {
  if (at === undefined || sources.length === 0) return new Map();
  const read = await source.read(
    sources,
    { by: "observed", from: at, to: at + 1 },
    { limit: MOST, order: "oldest-first" },
  );
  return new Map([...read].map(([{ series }, { instances }]) => [series, instances]));
}

/** To the last digit that is written. */
function isSameMoment(body: Json, { body: sent }: PastInstance): boolean {
  const [one, other] = [body, sent as Json].map((json) => (isObject(json) ? json.observedAt : undefined));
  return typeof one === "string" && typeof other === "string" && digits(one) === digits(other);
}

const digits = (time: string): string =>
  time
    .replace(",", ".")
    .replace(/Z$/, "")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");

const MOST = 100;
