import { HubError } from "../../core/errors.ts";
import type { Filter } from "../../core/filter.ts";
import type { Scope } from "../../core/scope.ts";
import type { Shell, SpecificAssetId } from "../metamodel/types.ts";
import { assetLinksShape, judged } from "../registry/descriptor-shapes.ts";
import { listBoth, type TwoCollections } from "../registry/held-and-posted.ts";
import { heldHere } from "../registry/registry-service.ts";
import { commitDecided, type ServiceParts, unchanged } from "../services/commit.ts";
import type { PageOf, PageWish } from "../services/paging.ts";
import { assetKey } from "../services/shell-kind.ts";
import type { Check } from "../validation/check.ts";
import { isObject } from "../validation/check.ts";
import { at } from "../validation/report.ts";

/**
 * IDTA-01002 v3.1.2, "Asset Administration Shell Basic Discovery Interface": shells by what identifies their assets. The
 * asset links of a shell that the repository holds are its asset information; others are posted.
 */
export interface DiscoveryService {
  /** Ids of the shells that have all of these asset identifiers, by `assetKey`. */
  find(assetKeys: readonly string[], page: PageWish): Promise<PageOf<string>>;
  /** The global asset id among them, by the name `globalAssetId`. @throws HubError `not-found` */
  links(id: string): Promise<readonly SpecificAssetId[]>;
  /** Creates or replaces all links of a shell that lives elsewhere. @throws HubError `conflict` for one that is held here */
  put(scope: Scope, id: string, body: unknown): Promise<readonly SpecificAssetId[]>;
  /** @throws HubError `not-found`, `conflict` */
  delete(scope: Scope, id: string): Promise<void>;
}

const collections: TwoCollections = { held: "shell", posted: "assetLinks" };
const globalName = "globalAssetId";

export function createDiscoveryService(parts: ServiceParts): DiscoveryService {
  const { documents } = parts;

  async function posted(id: string) {
    if ((await documents.get("shell", id)) !== undefined) throw heldHere("shell", id);
    return await documents.get("assetLinks", id);
  }

  const notHeld = (id: string) => ({ collection: "shell", id, must: "be-absent" }) as const;

  return {
    async find(assetKeys, page) {
      const of: Filter[] = assetKeys.map((key) => ({ kind: "key", name: "assetId", in: [key] }));
      const both = await listBoth(documents, collections, of.length === 0 ? undefined : { kind: "all", of }, page);
      const items = [...both.held, ...both.posted].map(({ id }) => id);
      return both.cursor === undefined ? { items } : { items, cursor: both.cursor };
    },
    async links(id) {
      const shell = await documents.get("shell", id);
      if (shell !== undefined) return assetLinksOf(JSON.parse(shell.body) as Shell);
      const row = await documents.get("assetLinks", id);
      if (row === undefined) throw noLinks(id);
      return JSON.parse(row.body) as readonly SpecificAssetId[];
    },
    async put(scope, id, body) {
      const links = judged<readonly SpecificAssetId[]>(shape, body, "the list of asset links").map(withoutSemantics);
      const document = {
        id,
        body: JSON.stringify(links),
        keys: { assetId: links.map(({ name, value }) => assetKey(name, value)) },
      };
      await commitDecided(parts, scope, async () => {
        const row = await posted(id);
        const before =
          row === undefined
            ? ({ collection: "assetLinks", id, must: "be-absent" } as const)
            : unchanged("assetLinks", id, row.version);
        const mutations = [{ kind: "document.put", collection: "assetLinks", document, parts: [] } as const];
        return { unit: { preconditions: [before, notHeld(id)], mutations }, result: undefined };
      });
      return links;
    },
    async delete(scope, id) {
      await commitDecided(parts, scope, async () => {
        const row = await posted(id);
        if (row === undefined) throw noLinks(id);
        const mutations = [{ kind: "document.delete", collection: "assetLinks", id } as const];
        return { unit: { preconditions: [unchanged("assetLinks", id, row.version)], mutations }, result: undefined };
      });
    },
  };
}

/** AASd-116: the global asset id goes by a name of its own among the specific ones. */
export function assetLinksOf({ assetInformation }: Shell): readonly SpecificAssetId[] {
  const { globalAssetId, specificAssetIds = [] } = assetInformation;
  return [...(globalAssetId === undefined ? [] : [{ name: globalName, value: globalAssetId }]), ...specificAssetIds];
}

/** PostAllAssetLinksById: the global asset id has no subject, and a shell has one. */
const shape: Check = (value, pointer, report) => {
  assetLinksShape(value, pointer, report);
  let first: number | undefined;
  for (const [index, link] of (Array.isArray(value) ? value : []).entries()) {
    if (!isObject(link) || link.name !== globalName) continue;
    const here = at(pointer, index);
    if (link.externalSubjectId !== undefined) {
      report.add(at(here, "externalSubjectId"), "a globalAssetId with a subject", "no externalSubjectId", "AASd-116");
    }
    if (first !== undefined) {
      report.add(here, `a globalAssetId stands at index ${first} already`, "one globalAssetId", "AASd-116");
    }
    first ??= index;
  }
};

/** PostAllAssetLinksById: what a global asset id means is known. */
function withoutSemantics(link: SpecificAssetId): SpecificAssetId {
  return link.name === globalName ? { name: link.name, value: link.value } : link;
}

function noLinks(id: string): HubError {
  return new HubError("not-found", `there are no asset links of a shell ${JSON.stringify(id.slice(0, 200))}`);
}
