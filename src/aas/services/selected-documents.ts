import type { Collection } from "../../core/document.ts";
import type { Filter } from "../../core/filter.ts";
import type { ConceptDescription, Shell } from "../metamodel/types.ts";
import { normalSubmodel } from "../value-only/content.ts";
import type { Modifiers } from "../value-only/modifiers.ts";
import type { EnvironmentList } from "../xml/xml-shapes.ts";
import type { IdentifiableService } from "./identifiable-service.ts";
import type { PageOf, PageWish } from "./paging.ts";
import { referredIds } from "./referred-ids.ts";
import type { SubmodelReader } from "./submodel-reader.ts";

/** What an Environment is to hold; neither shells nor submodels named: everything that is here. */
export interface Selection {
  readonly shells: readonly string[];
  readonly submodels: readonly string[];
  /** The concept descriptions that the selected submodels refer to, directly or through others. */
  readonly concepts: boolean;
}

/** A document of an Environment as it is read: live values laid over, Blobs with their content. */
export interface SelectedDocument {
  readonly list: EnvironmentList;
  readonly collection: Collection;
  readonly id: string;
  readonly text: string;
  readonly value: object;
}

export interface SelectionSources {
  readonly shells: Pick<IdentifiableService<Shell>, "list">;
  readonly concepts: Pick<IdentifiableService<ConceptDescription>, "list">;
  readonly reader: Pick<SubmodelReader, "views" | "text" | "live">;
}

type List<T> = (filter: Filter | undefined, page: PageWish) => Promise<PageOf<T>>;

/** Documents held at a time. */
const pageSize = 20;
const whole: Modifiers = { level: "deep", extent: "withBlobValue" };

/** The documents of a selection, list by list, page by page; text and value are made when they are asked for. */
export async function* selectedDocuments(
  { shells, concepts, reader }: SelectionSources,
  selection: Selection,
  abort: AbortSignal,
): AsyncGenerator<SelectedDocument> {
  const isAll = selection.shells.length === 0 && selection.submodels.length === 0;
  for await (const shell of listed(shells.list, isAll ? undefined : selection.shells, abort)) {
    yield stored("assetAdministrationShells", "shell", shell);
  }
  const referred = new Set<string>();
  for await (const view of listed(reader.views, isAll ? undefined : selection.submodels, abort)) {
    if (!isAll) for (const id of referredIds(view.stored)) referred.add(id);
    yield {
      list: "submodels",
      collection: "submodel",
      id: view.row.id,
      get text() {
        return reader.text(view, "normal", whole).text;
      },
      get value() {
        return normalSubmodel(reader.live(view), whole) as object;
      },
    };
  }
  if (!selection.concepts) return;
  // IDTA-01002 v3.1.2, GenerateSerializationByIds: those that others refer to, too, e.g. by a value list.
  const seen = new Set(referred);
  for (let wanted: readonly string[] | undefined = isAll ? undefined : [...referred]; wanted?.length !== 0; ) {
    const further: string[] = [];
    for await (const concept of listed(concepts.list, wanted, abort)) {
      yield stored("conceptDescriptions", "concept", concept);
      if (isAll) continue;
      for (const id of [...referredIds(concept)].filter((one) => !seen.has(one))) {
        seen.add(id);
        further.push(id);
      }
    }
    wanted = further;
  }
}

function stored(list: EnvironmentList, collection: Collection, value: { readonly id: string }): SelectedDocument {
  return {
    list,
    collection,
    id: value.id,
    value,
    get text() {
      return JSON.stringify(value);
    },
  };
}

/** All documents of these ids, or all, page by page. */
async function* listed<T>(list: List<T>, ids: readonly string[] | undefined, abort: AbortSignal): AsyncIterable<T> {
  if (ids?.length === 0) return;
  const filter: Filter | undefined = ids === undefined ? undefined : { kind: "id", in: ids };
  let page: PageOf<T> | undefined;
  do {
    abort.throwIfAborted();
    page = await list(filter, { limit: pageSize, ...(page?.cursor === undefined ? {} : { cursor: page.cursor }) });
    yield* page.items;
  } while (page.cursor !== undefined);
}
