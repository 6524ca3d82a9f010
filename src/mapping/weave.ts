import type { LeafAddress } from "../core/document.ts";
import type { AssetKin, EndCodec, LeafRequest, OperationWish, WovenOperation } from "../core/end-codec.ts";
import type { PlannedDocument } from "../core/plan.ts";
import type { ValueType } from "../core/value.ts";
import type { Asset } from "./assets.ts";
import { attributeNameOf } from "./attribute-name.ts";
import type { LoadedMapping } from "./load.ts";
import { pointer } from "./placed-yaml.ts";
import { fillValue } from "./placeholders.ts";
import type { PointProgram } from "./point-program.ts";
import type { PointDefinition } from "./point-schema.ts";
import type { Problems, ProblemText } from "./problem.ts";
import type { MappingFile } from "./schema.ts";
import type { Settled } from "./settle.ts";

/** Which member of a point names a leaf in which end, told by the member of `twin:` that the end must have for it. */
const endMembers = [
  { point: "aas", twin: "submodels" },
  { point: "ngsi", twin: "entity" },
] as const;

export interface WovenAsset {
  readonly documents: readonly PlannedDocument[];
  readonly ends: ReadonlyMap<string, readonly LeafAddress[]>;
  /** Types that the ends know where neither mapping nor source does. */
  readonly types: ReadonlyMap<string, ValueType>;
  readonly operations: readonly WovenOperation[];
}

/** Lets both standards make their documents for one asset; the second hears the types that the first has told. */
export async function weaveAsset(
  mapping: LoadedMapping & { readonly definition: MappingFile },
  asset: Asset,
  points: ReadonlyMap<PointProgram, Settled>,
  wishes: readonly OperationWish[],
  codecs: readonly EndCodec[],
  problems: Problems,
): Promise<WovenAsset> {
  const { definition, yaml, name, folder } = mapping;
  const documents: PlannedDocument[] = [];
  const ends = new Map<string, LeafAddress[]>();
  const types = new Map<string, ValueType>();
  const bound: WovenOperation[] = [];
  for (const { point: member, twin: anchor } of endMembers) {
    const codec = codecs.find(({ members }) => members.includes(anchor));
    if (codec === undefined) continue;
    const leaves = leavesOf(member, asset, points, types, problems);
    const part = Object.fromEntries(Object.entries(definition.twin).filter(([key]) => codec.members.includes(key)));
    const operations = member === "aas" ? wishes : [];
    const claims = [...leaves, ...operations.map(({ operation, place }) => ({ point: operation, place }))];
    if (claims.length > 0 && !Object.hasOwn(part, anchor)) {
      for (const { place, point } of claims) {
        problems.error(place, {
          message: `"${point}" says ${member}, but twin has no ${anchor}`,
          expected: `twin: { ${anchor}: … }`,
        });
      }
      continue;
    }
    if (Object.keys(part).length === 0) continue;
    const twin: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(part)) {
      const at = pointer("twin", key);
      twin[key] = fillValue(value, asset, (problem, below) => problems.error(yaml.placeOf(at + below), problem));
    }
    if (problems.hasErrors) continue;
    const woven = await codec.weave({
      asset: asset.key,
      owner: name,
      place: yaml.keyPlaceOf("/twin"),
      adopt: definition.adopt ?? false,
      twin,
      placeOf: (below) => yaml.placeOf(`/twin${below}`),
      folder,
      leaves,
      ...(operations.length === 0 ? {} : { operations }),
      kin: kinOf(definition, asset),
    });
    problems.adopt(woven.problems, yaml.keyPlaceOf("/twin"));
    problems.adopt(woven.warnings ?? [], yaml.keyPlaceOf("/twin"), "warning");
    documents.push(...woven.documents);
    bound.push(...(woven.operations ?? []));
    for (const { point, address, type } of woven.leaves) {
      const known = ends.get(point);
      if (known === undefined) ends.set(point, [address]);
      else known.push(address);
      if (!types.has(point)) types.set(point, type);
    }
  }
  return { documents, ends, types, operations: bound };
}

/** The ids as they will be; what is wrong with them is said where they are woven. */
function kinOf({ twin }: MappingFile, asset: Asset): AssetKin {
  const [shell, entity] = [twin.shell, twin.entity].map((member) =>
    member === undefined ? undefined : fillValue(member.id, asset, () => {}),
  );
  return {
    ...(typeof shell === "string" ? { shell } : {}),
    ...(typeof entity === "string" ? { entity } : {}),
  };
}

function leavesOf(
  member: "aas" | "ngsi",
  asset: Asset,
  points: ReadonlyMap<PointProgram, Settled>,
  types: ReadonlyMap<string, ValueType>,
  problems: Problems,
): LeafRequest[] {
  const leaves: LeafRequest[] = [];
  for (const [{ definition, name, placeOf, write }, { type, unit }] of points) {
    if (definition[member] === undefined) continue;
    const place = placeOf(member);
    const written = definition[member] === true ? likeElement(definition.aas) : definition[member];
    if (typeof written === "object" && "message" in written) {
      problems.error(place, written as ProblemText);
      continue;
    }
    const end = fillValue(written, asset, (problem) => problems.error(place, problem));
    leaves.push({ point: name, end, place, type: type ?? types.get(name), unit, writable: write !== undefined });
  }
  return leaves;
}

/** `ngsi: true`: the attribute is called like the element (twin rule 15). */
function likeElement(aas: PointDefinition["aas"]): string | ProblemText {
  if (aas === undefined)
    return { message: "ngsi: true takes the name of the element, but there is no aas", expected: "ngsi: a name" };
  const path = typeof aas === "string" ? aas : aas.path;
  const idShort = path.slice(path.lastIndexOf(".") + 1).replace(/\[\d+\]$/, "");
  return (
    attributeNameOf(idShort) ?? {
      message: `"${idShort}" has no reversible attribute name`,
      expected: "ngsi: a name of its own",
    }
  );
}
