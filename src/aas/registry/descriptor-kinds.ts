import type { DocumentKeys, DocumentRow } from "../../core/document.ts";
import type { DocumentPort } from "../../store/contract.ts";
import { semanticKeys } from "../parts.ts";
import { assetKey } from "../services/shell-kind.ts";
import type { ShellDescriptor, SubmodelDescriptor } from "./descriptor.ts";
import { validateShellDescriptor, validateSubmodelDescriptor } from "./descriptor-shapes.ts";
import type { EntryRoots } from "./entry-roots.ts";
import { heldShellDescriptors, heldSubmodelDescriptors } from "./held-descriptors.ts";

/** What tells the registry of shells from that of submodels. */
export interface DescriptorKind<T> {
  /** For messages: `shell`, `submodel`. */
  readonly what: string;
  readonly held: "shell" | "submodel";
  readonly posted: "shellDescriptor" | "submodelDescriptor";
  /** @throws HubError `invalid` with all problems */
  validate(body: unknown): T;
  /** Look-up keys, named like those of what is held, so that one filter finds both. */
  keys(descriptor: T): DocumentKeys;
  render(documents: DocumentPort, rows: readonly DocumentRow[], roots: EntryRoots): Promise<readonly T[]>;
}

export const shellDescriptorKind: DescriptorKind<ShellDescriptor> = {
  what: "shell",
  held: "shell",
  posted: "shellDescriptor",
  validate: validateShellDescriptor,
  keys: ({ idShort, assetKind, assetType, globalAssetId, specificAssetIds = [] }) => ({
    ...(idShort === undefined ? {} : { idShort: [idShort] }),
    ...(assetKind === undefined ? {} : { assetKind: [assetKind] }),
    ...(assetType === undefined ? {} : { assetType: [assetType] }),
    assetId: [
      ...(globalAssetId === undefined ? [] : [assetKey("globalAssetId", globalAssetId)]),
      ...specificAssetIds.map(({ name, value }) => assetKey(name, value)),
    ],
  }),
  render: heldShellDescriptors,
};

export const submodelDescriptorKind: DescriptorKind<SubmodelDescriptor> = {
  what: "submodel",
  held: "submodel",
  posted: "submodelDescriptor",
  validate: validateSubmodelDescriptor,
  keys: (descriptor) => ({
    ...(descriptor.idShort === undefined ? {} : { idShort: [descriptor.idShort] }),
    ...semanticKeys(descriptor),
  }),
  render: async (_documents, rows, roots) => heldSubmodelDescriptors(rows, roots),
};
