import { HubError } from "../../core/errors.ts";
import type { Reference, Shell } from "../metamodel/types.ts";
import { validateShell } from "../validation/validate.ts";
import type { IdentifiableKind } from "./identifiable-service.ts";

/** The look-up key of an asset identifier; a global one goes by the name `globalAssetId` (AASd-116). */
export function assetKey(name: string, value: string): string {
  return `${name.toLowerCase() === "globalassetid" ? "globalAssetId" : name}\n${value}`;
}

/** The submodel that a reference of a shell names. */
export function referredSubmodel(reference: Reference): string | undefined {
  return reference.keys.find(({ type }) => type === "Submodel")?.value ?? reference.keys.at(-1)?.value;
}

export const shellKind: IdentifiableKind<Shell> = {
  collection: "shell",
  validate: validateShell,
  keys: ({
    idShort,
    assetInformation: { assetKind, assetType, globalAssetId, specificAssetIds = [] },
    submodels = [],
  }) => ({
    ...(idShort === undefined ? {} : { idShort: [idShort] }),
    assetKind: [assetKind],
    ...(assetType === undefined ? {} : { assetType: [assetType] }),
    assetId: [
      ...(globalAssetId === undefined ? [] : [assetKey("globalAssetId", globalAssetId)]),
      ...specificAssetIds.map(({ name, value }) => assetKey(name, value)),
    ],
    submodel: [...new Set(submodels.flatMap((reference) => referredSubmodel(reference) ?? []))],
  }),
  notFound: (id) => new HubError("not-found", `there is no shell ${JSON.stringify(id.slice(0, 200))}`),
};
