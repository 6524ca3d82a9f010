import type { DocumentRow } from "../../core/document.ts";
import { ENTITY_ASSET_ID } from "../../core/kin.ts";
import type { DocumentPort } from "../../store/contract.ts";
import type { Identifiable, Shell, Submodel } from "../metamodel/types.ts";
import { referredSubmodel } from "../services/shell-kind.ts";
import type { Descriptor, ShellDescriptor, SubmodelDescriptor } from "./descriptor.ts";
import { type EntryRoots, shellEndpoints, submodelEndpoints } from "./entry-roots.ts";

/** Documents asked for at once. */
const chunk = 1_000;

/**
 * Descriptors of shells that the repository holds, made when they are asked for: nothing is stored, so nothing has to
 * follow a change of the base URL. A submodel that lies elsewhere is shown as its posted descriptor says.
 */
export async function heldShellDescriptors(
  documents: DocumentPort,
  rows: readonly DocumentRow[],
  roots: EntryRoots,
): Promise<readonly ShellDescriptor[]> {
  const shells = rows.map(({ body }) => JSON.parse(body) as Shell);
  const referred = shells.map(referredIds);
  const submodels = await submodelDescriptors(documents, new Set(referred.flat()), roots);
  return shells.map((shell, index) => {
    const { assetKind, assetType, globalAssetId, specificAssetIds = [] } = shell.assetInformation;
    const entities = specificAssetIds.filter(({ name }) => name === ENTITY_ASSET_ID).map(({ value }) => value);
    const below = (referred[index] ?? []).flatMap((id) => submodels.get(id) ?? []);
    return {
      ...shared(shell),
      assetKind,
      ...(assetType === undefined ? {} : { assetType }),
      endpoints: shellEndpoints(roots, shell.id, entities),
      ...(globalAssetId === undefined ? {} : { globalAssetId }),
      ...(specificAssetIds.length === 0 ? {} : { specificAssetIds }),
      ...(below.length === 0 ? {} : { submodelDescriptors: below }),
    };
  });
}

/** Likewise of submodels; rows need their heads only. */
export function heldSubmodelDescriptors(
  rows: readonly DocumentRow[],
  roots: EntryRoots,
): readonly SubmodelDescriptor[] {
  return rows.map(({ body }) => {
    const submodel = JSON.parse(body) as Submodel;
    const { semanticId, supplementalSemanticIds } = submodel;
    return {
      ...shared(submodel),
      ...(semanticId === undefined ? {} : { semanticId }),
      ...(supplementalSemanticIds === undefined ? {} : { supplementalSemanticIds }),
      endpoints: submodelEndpoints(roots, submodel.id),
    };
  });
}

function shared({ description, displayName, extensions, administration, idShort, id }: Identifiable): Descriptor {
  return {
    ...(description === undefined ? {} : { description }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(extensions === undefined ? {} : { extensions }),
    ...(administration === undefined ? {} : { administration }),
    ...(idShort === undefined ? {} : { idShort }),
    id,
  };
}

const referredIds = ({ submodels = [] }: Shell): readonly string[] => [
  ...new Set(submodels.flatMap((reference) => referredSubmodel(reference) ?? [])),
];

async function submodelDescriptors(
  documents: DocumentPort,
  wanted: ReadonlySet<string>,
  roots: EntryRoots,
): Promise<ReadonlyMap<string, SubmodelDescriptor>> {
  const held = await rowsOf(documents, "submodel", [...wanted]);
  const found = new Map(heldSubmodelDescriptors(held, roots).map((descriptor) => [descriptor.id, descriptor]));
  const elsewhere = [...wanted].filter((id) => !found.has(id));
  for (const { id, body } of await rowsOf(documents, "submodelDescriptor", elsewhere)) found.set(id, JSON.parse(body));
  return found;
}

async function rowsOf(
  documents: DocumentPort,
  collection: "submodel" | "submodelDescriptor",
  ids: readonly string[],
): Promise<readonly DocumentRow[]> {
  const rows: DocumentRow[] = [];
  for (let start = 0; start < ids.length; start += chunk) {
    const filter = { kind: "id", in: ids.slice(start, start + chunk) } as const;
    rows.push(...(await documents.list(collection, filter, { limit: chunk })).items);
  }
  return rows;
}
