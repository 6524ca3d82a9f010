import type { Filter } from "../../core/filter.ts";
import type { ConceptDescription, Shell } from "../metamodel/types.ts";
import type { Modifiers } from "../value-only/modifiers.ts";
import type { ServiceParts } from "./commit.ts";
import type { IdentifiableService } from "./identifiable-service.ts";
import type { PageOf, PageWish } from "./paging.ts";
import { referredIds } from "./referred-ids.ts";
import { shellKind } from "./shell-kind.ts";
import { noSubmodel, type SubmodelReader } from "./submodel-reader.ts";

/** What an Environment is to hold; neither shells nor submodels named: everything that is here. */
export interface Selection {
  readonly shells: readonly string[];
  readonly submodels: readonly string[];
  /** The concept descriptions that the selected submodels refer to. */
  readonly concepts: boolean;
}

export interface SerializationService {
  /**
   * The JSON text of an Environment (IDTA-01001 v3.1), in chunks of one document: live values laid over, Blobs with
   * their content. @throws HubError `not-found` for an id that is not here, before the first chunk
   */
  environment(selection: Selection, abort: AbortSignal): Promise<AsyncIterable<string>>;
}

/** The parts of the AAS services that are read. */
export interface SerializationParts {
  readonly documents: ServiceParts["documents"];
  readonly shells: Pick<IdentifiableService<Shell>, "list">;
  readonly concepts: Pick<IdentifiableService<ConceptDescription>, "list">;
  readonly reader: Pick<SubmodelReader, "views" | "text">;
}

type List<T> = (filter: Filter | undefined, page: PageWish) => Promise<PageOf<T>>;

/** Documents held at a time. */
const pageSize = 20;
const whole: Modifiers = { level: "deep", extent: "withBlobValue" };

export function createSerializationService(parts: SerializationParts): SerializationService {
  const { documents, shells, concepts, reader } = parts;

  async function* shellTexts(ids: readonly string[] | undefined, abort: AbortSignal): AsyncIterable<string> {
    for await (const shell of listed(shells.list, ids, abort)) yield JSON.stringify(shell);
  }

  async function* submodelTexts(
    ids: readonly string[] | undefined,
    referred: Set<string>,
    abort: AbortSignal,
  ): AsyncIterable<string> {
    for await (const view of listed(reader.views, ids, abort)) {
      for (const id of referredIds(view.stored)) referred.add(id);
      yield reader.text(view, "normal", whole).text;
    }
  }

  /** `ids` is read only now: the submodels before it have filled it. */
  async function* conceptTexts(ids: ReadonlySet<string> | undefined, abort: AbortSignal): AsyncIterable<string> {
    const wanted = ids === undefined ? undefined : [...ids];
    for await (const concept of listed(concepts.list, wanted, abort)) yield JSON.stringify(concept);
  }

  return {
    async environment(selection, abort) {
      for (const id of selection.shells) {
        if ((await documents.get("shell", id)) === undefined) throw shellKind.notFound(id);
      }
      for (const id of selection.submodels) {
        if ((await documents.get("submodel", id)) === undefined) throw noSubmodel(id);
      }
      const isAll = selection.shells.length === 0 && selection.submodels.length === 0;
      const referred = new Set<string>();
      return members([
        ["assetAdministrationShells", shellTexts(isAll ? undefined : selection.shells, abort)],
        ["submodels", submodelTexts(isAll ? undefined : selection.submodels, referred, abort)],
        ["conceptDescriptions", selection.concepts ? conceptTexts(isAll ? undefined : referred, abort) : none()],
      ]);
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

/** A JSON object of arrays; the schema wants an empty one left out. */
async function* members(lists: readonly (readonly [string, AsyncIterable<string>])[]): AsyncIterable<string> {
  let before = "{";
  for (const [name, items] of lists) {
    let count = 0;
    for await (const item of items) {
      yield count === 0 ? `${before}"${name}":[${item}` : `,${item}`;
      count++;
    }
    if (count > 0) before = "],";
  }
  yield before === "{" ? "{}" : "]}";
}

async function* none(): AsyncIterable<string> {}
