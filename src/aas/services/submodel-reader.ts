import { hash } from "node:crypto";
import type { DocumentRow, PartRow } from "../../core/document.ts";
import type { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import { ByteBoundedCache } from "../byte-bounded-cache.ts";
import { parentPath, pathsDownTo } from "../id-short-path.ts";
import type { Submodel, SubmodelElement } from "../metamodel/types.ts";
import { liveLookUp, liveView, replaceInElement, replaceLeaves } from "../overlay/overlay.ts";
import { storedText } from "../overlay/stored-text.ts";
import {
  createTextTemplate,
  type LeafFormat,
  normalLeaf,
  type TextTemplate,
  valueLeaf,
} from "../overlay/text-template.ts";
import { joinElement, joinElements, joinSubmodel } from "../parts.ts";
import type { ComputedContent } from "../time-series/computed-content.ts";
import { normalSubmodel, submodelPaths } from "../value-only/content.ts";
import { defaultModifiers, type Modifiers } from "../value-only/modifiers.ts";
import { valuesOnly } from "../value-only/value-only.ts";
import type { ServiceParts } from "./commit.ts";
import { elementAt } from "./linked-leaves.ts";
import { cursorPlace, cursorText, type PageOf, type PageWish, pageOf } from "./paging.ts";
import { pathPage } from "./path-page.ts";
import { noElement, noSubmodel, readOnly } from "./submodel-refusals.ts";

/** A stored submodel, parsed once a version, with the texts that reads of it have asked for. */
export interface SubmodelView {
  readonly row: DocumentRow;
  /** As stored: without the live values of its linked leaves. */
  readonly stored: Submodel;
  /** With what is worked out on read: the records of a time series. */
  readonly shown: Submodel;
  readonly templates: Map<string, TextTemplate>;
}

export type SubmodelHead = Pick<SubmodelView, "row" | "stored">;

export interface ElementView {
  readonly row: DocumentRow;
  readonly stored: SubmodelElement;
  /** As it is read: signals laid over. */
  readonly live: SubmodelElement;
  /** Whether a linked leaf is in it. */
  readonly linked: boolean;
}

/** A JSON text with the entity tag of exactly this state. */
export interface TaggedText {
  readonly text: string;
  readonly etag: string;
}

export interface SubmodelReader {
  /** @throws HubError `not-found` */
  view(id: string): Promise<SubmodelView>;
  find(id: string): Promise<SubmodelView | undefined>;
  views(filter: Filter | undefined, page: PageWish): Promise<PageOf<SubmodelView>>;
  /** Head and row alone, whatever the size: `stored` has no elements. @throws HubError `not-found` */
  head(id: string): Promise<SubmodelHead>;
  heads(filter: Filter | undefined, page: PageWish): Promise<PageOf<SubmodelHead>>;
  /** A page of the elements right below the submodel, as they are read; the work is the page's. @throws HubError `not-found` */
  elements(id: string, page: PageWish): Promise<PageOf<SubmodelElement>>;
  /** A page of the paths of all elements; the work is the page's. @throws HubError `not-found` */
  paths(id: string, page: PageWish, level: Modifiers["level"]): Promise<PageOf<string>>;
  /** Signals laid over. */
  live(view: SubmodelView): Submodel;
  /** The fast way: the text of a whole submodel, only its linked leaves made anew. */
  text(view: SubmodelView, content: "normal" | "value", modifiers: Modifiers): TaggedText;
  /** The text of a submodel in format Normal, by the cheapest way there is. @throws HubError `not-found` */
  normal(id: string, modifiers: Modifiers): Promise<TaggedText>;
  /** As it is read. @throws HubError `not-found` for the submodel or the element */
  element(id: string, path: string): Promise<ElementView>;
  /** As it may be written. @throws HubError `not-found`; `read-only` for what is worked out on read and stored nowhere */
  storedElement(id: string, path: string): Promise<ElementView>;
  /** Why there is nothing to be written at a path. */
  absent(id: string, path: string): Promise<HubError>;
  /** The types of the elements from the top down to the one at `path`; for references to it. */
  chain(id: string, path: string): Promise<readonly SubmodelElement["modelType"][]>;
  /** @param linked whether live values are in the text */
  etag(row: DocumentRow, text: string, linked: boolean): string;
}

const headOf = (row: DocumentRow): SubmodelHead => ({ row, stored: JSON.parse(row.body) as Submodel });

/** Four times its text: about what a parsed document and its templates take. */
const bytesPerCharacter = 8;

const formats: Readonly<
  Record<
    "normal" | "value",
    { readonly serialise: (submodel: Submodel, modifiers: Modifiers) => unknown; readonly leaf: LeafFormat }
  >
> = {
  normal: { serialise: normalSubmodel, leaf: normalLeaf },
  value: {
    serialise: (submodel, modifiers) => valuesOnly(submodel.submodelElements ?? [], modifiers),
    leaf: valueLeaf,
  },
};

/** @param cacheBytes budget of parsed submodels kept */
export function createSubmodelReader(
  { documents, twin }: ServiceParts,
  cacheBytes: number,
  computed: ComputedContent,
): SubmodelReader {
  const cache = new ByteBoundedCache<SubmodelView>(cacheBytes);
  const texts = new ByteBoundedCache<TaggedText & { readonly version: number }>(cacheBytes);
  /** Elements by the rows that they are made of: rows that are still known need no second parsing. */
  const elements = new WeakMap<readonly PartRow[], SubmodelElement>();

  function keep(row: DocumentRow, parts: readonly PartRow[]): SubmodelView {
    const stored = joinSubmodel(row.body, parts);
    const view = { row, stored, shown: stored, templates: new Map<string, TextTemplate>() };
    const characters = parts.reduce((sum, part) => sum + part.body.length, row.body.length);
    cache.put(row.id, view, characters * bytesPerCharacter);
    return view;
  }

  function cached(row: DocumentRow): SubmodelView | undefined {
    const view = cache.get(row.id);
    return view?.row.version === row.version ? view : undefined;
  }

  async function find(id: string): Promise<SubmodelView | undefined> {
    const row = await documents.get("submodel", id);
    if (row === undefined) return undefined;
    return cached(row) ?? keep(row, await documents.parts("submodel", id));
  }

  function live(view: SubmodelView): Submodel {
    const { paths, view: leafView } = liveView(twin.leaves("submodel", view.row.id));
    return replaceLeaves(view.shown, paths, leafView);
  }

  /** The version for If-Match, and where live values are in the text its digest too: they change without a version. */
  function etag(row: DocumentRow, text: string, linked: boolean): string {
    return linked ? `"${row.version}-${hash("sha1", text, "base64url")}"` : `"${row.version}"`;
  }

  /** What is worked out is never kept: the next read finds other records. */
  async function show(view: SubmodelView): Promise<SubmodelView> {
    if (!computed.concerns(view.row)) return view;
    const shown = await computed.laidOver(view.stored);
    return shown === view.stored ? view : { ...view, shown, templates: new Map() };
  }

  async function shownView(id: string): Promise<SubmodelView> {
    const view = await find(id);
    if (view === undefined) throw noSubmodel(id);
    return await show(view);
  }

  async function absent(id: string, path: string): Promise<HubError> {
    const { shown, stored } = await shownView(id);
    const isIn = (submodel: Submodel): boolean => elementAt(submodel.submodelElements ?? [], path) !== undefined;
    return isIn(shown) && !isIn(stored) ? readOnly(path) : noElement(id, path);
  }

  async function storedOf(row: DocumentRow, path: string): Promise<ElementView> {
    const { id } = row;
    const parts = await documents.parts("submodel", id, path);
    const stored = elements.get(parts) ?? joinElement(parts);
    if (stored === undefined) throw await absent(id, path);
    elements.set(parts, stored);
    let linked = false;
    const { paths, view } = liveLookUp(twin, id);
    const live = replaceInElement(stored, path, paths, (property, at) => {
      linked = true;
      return view(property, at);
    });
    return { row, stored, live, linked };
  }

  function text(view: SubmodelView, content: "normal" | "value", modifiers: Modifiers): TaggedText {
    const leaves = twin.leaves("submodel", view.row.id);
    const key = `${content} ${modifiers.level} ${modifiers.extent}`;
    const { serialise, leaf } = formats[content];
    const make = (): TextTemplate => createTextTemplate(view.shown, leaves, (one) => serialise(one, modifiers), leaf);
    let template = view.templates.get(key) ?? make();
    // Links come and go with mappings, without a new version: a template of other leaves is made anew.
    if (!template.fits(leaves)) template = make();
    view.templates.set(key, template);
    const text = template.render(leaves) ?? JSON.stringify(serialise(live(view), modifiers));
    return { text, etag: etag(view.row, text, leaves.length > 0 || view.shown !== view.stored) };
  }

  return {
    find,
    live,
    etag,
    view: shownView,
    async storedElement(id, path) {
      const row = await documents.get("submodel", id);
      if (row === undefined) throw noSubmodel(id);
      return await storedOf(row, path);
    },
    absent,
    async views(filter, { limit, cursor }) {
      const after = cursor === undefined ? {} : { after: cursorPlace(cursor) };
      const page = await documents.list("submodel", filter, { limit, ...after });
      const missing = page.items.filter((row) => cached(row) === undefined).map((row) => row.id);
      const parts = missing.length === 0 ? new Map() : await documents.partsOf("submodel", missing);
      const views = page.items.map((row) => cached(row) ?? keep(row, parts.get(row.id) ?? []));
      const items: SubmodelView[] = [];
      for (const view of views) items.push(await show(view));
      return page.next === undefined ? { items } : { items, cursor: cursorText(page.next) };
    },
    async head(id) {
      const row = await documents.get("submodel", id);
      if (row === undefined) throw noSubmodel(id);
      return headOf(row);
    },
    async heads(filter, { limit, cursor }) {
      const after = cursor === undefined ? {} : { after: cursorPlace(cursor) };
      const page = await documents.list("submodel", filter, { limit, ...after });
      const items = page.items.map(headOf);
      return page.next === undefined ? { items } : { items, cursor: cursorText(page.next) };
    },
    async elements(id, { limit, cursor }) {
      const row = await documents.get("submodel", id);
      if (row === undefined) throw noSubmodel(id);
      const after = cursor === undefined ? {} : { after: cursorPlace(cursor) };
      const page = await documents.partPage("submodel", id, { limit, ...after });
      const { paths, view } = liveLookUp(twin, id);
      const stored = joinElements(page.items);
      const shown = computed.concerns(row) ? (await shownView(id)).shown.submodelElements : undefined;
      const items = stored
        .map((one) => shown?.find(({ idShort }) => idShort === one.idShort) ?? one)
        .map((one) => replaceInElement(one, one.idShort ?? "", paths, view));
      return page.next === undefined ? { items } : { items, cursor: cursorText(page.next) };
    },
    async paths(id, page, level) {
      const row = await documents.get("submodel", id);
      if (row === undefined) throw noSubmodel(id);
      if (!computed.concerns(row)) return await pathPage(documents, id, page, level);
      return pageOf(submodelPaths((await shownView(id)).shown, { ...defaultModifiers, level }), page);
    },
    text,
    async normal(id, modifiers) {
      const row = await documents.get("submodel", id);
      if (row === undefined) throw noSubmodel(id);
      const isAsStored = twin.leaves("submodel", id).length === 0 && !computed.concerns(row);
      if (!isAsStored || modifiers.level === "core") return text(await shownView(id), "normal", modifiers);
      const key = `${id}\n${modifiers.extent}`;
      const known = texts.get(key);
      if (known?.version === row.version) return known;
      const made = storedText(row.body, await documents.partTexts("submodel", id), modifiers.extent);
      const tagged = { text: made, etag: etag(row, "", false), version: row.version };
      texts.put(key, tagged, made.length + key.length);
      return tagged;
    },
    async element(id, path) {
      const row = await documents.get("submodel", id);
      if (row === undefined) throw noSubmodel(id);
      if (!computed.concerns(row)) return await storedOf(row, path);
      const view = await shownView(id);
      const live = elementAt(view.shown.submodelElements ?? [], path);
      if (live === undefined) throw noElement(id, path);
      return { row: view.row, stored: elementAt(view.stored.submodelElements ?? [], path) ?? live, live, linked: true };
    },
    async chain(id, path) {
      const row = await documents.get("submodel", id);
      if (row !== undefined && computed.concerns(row)) {
        const elements = (await shownView(id)).shown.submodelElements ?? [];
        return pathsDownTo(path).flatMap((at) => elementAt(elements, at)?.modelType ?? []);
      }
      const chain: SubmodelElement["modelType"][] = [];
      for (let at: string | undefined = path; at !== undefined; at = parentPath(at)) {
        const part = await documents.part("submodel", id, at);
        if (part !== undefined) chain.unshift(part.kind as SubmodelElement["modelType"]);
      }
      return chain;
    },
  };
}
