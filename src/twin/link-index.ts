import type { Collection, LeafAddress } from "../core/document.ts";
import { HubError } from "../core/errors.ts";
import type { Link } from "../core/link.ts";
import { placeText } from "../core/place.ts";
import { leafKey } from "../core/plan.ts";
import type { Signal } from "../core/signal.ts";
import { type LinkedDocument, type LinkState, newLinkState } from "./link-state.ts";

/** Every link of a plan, reachable in one look-up from a tag, a leaf or a document. Built whole, swapped whole. */
export interface LinkIndex {
  readonly states: readonly LinkState[];
  readonly bySource: ReadonlyMap<string, SourceLinks>;
  readonly byKey: ReadonlyMap<string, LinkState>;
  document(collection: Collection, id: string): LinkedDocument | undefined;
  leaf(address: LeafAddress): LinkState | undefined;
}

export interface SourceLinks {
  readonly byTag: ReadonlyMap<string, readonly LinkState[]>;
  readonly states: readonly LinkState[];
  /** The shortest `staleAfter` of them, ms: before it nothing of the source can be stale. */
  readonly soonestStale: number;
}

export interface KnownSeries {
  readonly series: number;
  readonly signal: Signal | undefined;
}

/**
 * @param known series and last signal of each link, by key
 * @throws HubError `config` where two links claim one leaf, naming both mapping lines
 */
export function buildLinkIndex(links: readonly Link[], known: (link: Link) => KnownSeries): LinkIndex {
  const documents = new Map<string, LinkedDocument>();
  const leaves = new Map<string, LinkState>();
  const byKey = new Map<string, LinkState>();
  const assets = new Map<string, Map<string, LinkState>>();
  const states: LinkState[] = [];
  for (const link of links) {
    const { series, signal } = known(link);
    const siblings = memberOf(assets, assetKey(link), () => new Map<string, LinkState>());
    const own = link.ends.map((end) => memberOf(documents, documentKey(end.collection, end.document), newDocument));
    const state = newLinkState(link, series, own, siblings, signal);
    siblings.set(link.point, state);
    byKey.set(link.key, state);
    states.push(state);
    for (const end of link.ends) claim(leaves, documents, end, state);
  }
  for (const state of states) {
    for (const input of state.link.derive?.inputs ?? []) state.siblings.get(input)?.feeds.push(state);
  }
  return {
    states,
    byKey,
    bySource: groupBySource(states),
    document: (collection, id) => documents.get(documentKey(collection, id)),
    leaf: (address) => leaves.get(leafKey(address)),
  };
}

function claim(
  leaves: Map<string, LinkState>,
  documents: Map<string, LinkedDocument>,
  end: LeafAddress,
  state: LinkState,
): void {
  const key = leafKey(end);
  const other = leaves.get(key);
  if (other !== undefined) {
    const message = `${end.collection} ${end.document}, ${end.part} is claimed by two links: ${placeText(other.link.place)} and ${placeText(state.link.place)}`;
    throw new HubError("config", message);
  }
  leaves.set(key, state);
  const document = documents.get(documentKey(end.collection, end.document));
  document?.states.push(state);
  document?.byPart.set(end.part, state);
  if (document !== undefined && state.signal !== undefined) {
    document.modifiedAt = Math.max(document.modifiedAt, state.signal.modifiedAt);
  }
}

function groupBySource(states: readonly LinkState[]): ReadonlyMap<string, SourceLinks> {
  const sources = new Map<string, { byTag: Map<string, LinkState[]>; states: LinkState[]; soonestStale: number }>();
  for (const state of states) {
    const { tag, quality } = state.link;
    if (tag === undefined) continue;
    const source = memberOf(sources, tag.source, () => ({ byTag: new Map(), states: [], soonestStale: Infinity }));
    memberOf(source.byTag, tag.tag, () => []).push(state);
    source.states.push(state);
    source.soonestStale = Math.min(source.soonestStale, quality.staleAfter);
  }
  return sources;
}

const newDocument = (): LinkedDocument => ({ states: [], byPart: new Map(), modifiedAt: 0 });

const documentKey = (collection: Collection, id: string): string => `${collection}\n${id}`;

/** The key of a link without its point: its asset, unique over mappings. */
const assetKey = (link: Link): string => link.key.slice(0, link.key.length - link.point.length);

function memberOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
