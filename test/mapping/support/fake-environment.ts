import type { AddressSyntax } from "../../../src/core/address-syntax.ts";
import type { BrowseNode, MethodFacts, PointFacts } from "../../../src/core/browse.ts";
import type { Collection } from "../../../src/core/document.ts";
import type { AssetRequest, EndCodec, LeafRequest, WovenEnd, WovenOperation } from "../../../src/core/end-codec.ts";
import { HubError, type Problem } from "../../../src/core/errors.ts";
import { placeText } from "../../../src/core/place.ts";
import type { PlannedDocument } from "../../../src/core/plan.ts";
import type { MappingEnvironment, SourceView } from "../../../src/mapping/environment.ts";

/** Addresses are slash-separated paths; `{path}` is the object form; one that ends in `!` cannot be written. */
export const pathSyntax: AddressSyntax = {
  parse(from, base) {
    const path = typeof from === "string" ? from : (from as { path?: unknown }).path;
    if (typeof path !== "string" || path.includes("//")) {
      return { problem: { message: `${JSON.stringify(from)} is no path`, expected: "names with slashes" } };
    }
    return { tag: base === undefined ? path : `${base}/${path}`, writable: !path.endsWith("!") };
  },
};

export interface FakeSource {
  readonly nodes?: readonly BrowseNode[];
  readonly facts?: Readonly<Record<string, PointFacts>>;
  /** Left out: its protocol knows no methods. */
  readonly methods?: Readonly<Record<string, MethodFacts>>;
  readonly down?: boolean;
}

export function fakeSource({ nodes = [], facts = {}, methods, down = false }: FakeSource = {}): SourceView {
  const answer = <T>(value: T): Promise<T> =>
    down ? Promise.reject(new HubError("unreachable", "nobody answers")) : Promise.resolve(value);
  return {
    type: "fake",
    addresses: pathSyntax,
    browse: (_, limit) => answer(nodes.slice(0, limit)),
    facts: (tags) => answer(new Map(tags.flatMap((tag) => (facts[tag] === undefined ? [] : [[tag, facts[tag]]])))),
    ...(methods && {
      methods: (tags) =>
        answer(new Map(tags.flatMap((tag) => (methods[tag] === undefined ? [] : [[tag, methods[tag]]])))),
    }),
  };
}

/** An end that makes one document of each member with an id, and one part of each leaf; it knows the types it is given. */
export function fakeEnd(
  members: readonly string[],
  collection: Collection,
  types: Readonly<Record<string, LeafRequest["type"]>> = {},
): EndCodec {
  return {
    members,
    async weave(request: AssetRequest): Promise<WovenEnd> {
      const ids = idsOf(request.twin);
      const problems: Problem[] = [];
      const leaves = request.leaves.flatMap(({ point, end, place, type }) => {
        const path = typeof end === "string" ? end : String((end as Record<string, unknown>).path ?? "");
        const [first = "", ...rest] = path.split(".");
        const [document, part] = collection === "entity" ? [ids.get("entity"), path] : [ids.get(first), rest.join(".")];
        if (document === undefined) {
          problems.push({
            place: placeText(place),
            message: `no document for ${path}`,
            expected: [...ids.keys()].join(", "),
          });
          return [];
        }
        return [{ point, address: { collection, document, part }, type: type ?? types[path] ?? "string" }];
      });
      const documents = [...ids].map(
        ([member, id]): PlannedDocument => ({
          collection: member === "shell" ? "shell" : collection,
          document: {
            id,
            body: JSON.stringify({ id, from: [request.owner] }),
            keys: { id: [id] },
            owner: request.owner,
          },
          parts: leaves
            .filter(({ address }) => address.document === id)
            .map(({ address }) => ({ key: address.part, name: address.part, kind: "Property", body: "{}" })),
          place: request.placeOf(`/${member}`),
          adopt: request.adopt,
        }),
      );
      const operations = (request.operations ?? []).map(({ operation, end, arguments: wishes }): WovenOperation => {
        const [first = "", ...rest] = String(end).split(".");
        const address = { collection, document: ids.get(first) ?? "", part: rest.join(".") };
        const types = Object.fromEntries(wishes.map(({ name, type }) => [name, type ?? "string"]));
        return { operation, address, types };
      });
      return { documents, leaves, operations, problems };
    },
  };
}

function idsOf(twin: Readonly<Record<string, unknown>>): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [member, value] of Object.entries(twin)) {
    if (typeof value !== "object" || value === null) continue;
    if ("id" in value) ids.set(member, String(value.id));
    else for (const [name, inner] of Object.entries(value)) ids.set(name, String((inner as { id?: unknown }).id));
  }
  return ids;
}

export function fakeEnvironment(
  sources: Readonly<Record<string, FakeSource>> = { line: {} },
  types: Parameters<typeof fakeEnd>[2] = {},
): MappingEnvironment {
  return {
    sources: new Map(Object.entries(sources).map(([name, source]) => [name, fakeSource(source)])),
    ends: [fakeEnd(["shell", "submodels"], "submodel", types), fakeEnd(["entity"], "entity")],
  };
}
