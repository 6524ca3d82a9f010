import type { assetKinds } from "../metamodel/literals.ts";
import type {
  AdministrativeInformation,
  Extension,
  HasSemantics,
  LangString,
  SpecificAssetId,
} from "../metamodel/types.ts";

/** IDTA-01002 v3.1.2, "Metamodel Specification Details": what registries hold. */
export interface Descriptor {
  readonly description?: readonly LangString[];
  readonly displayName?: readonly LangString[];
  readonly extensions?: readonly Extension[];
  readonly administration?: AdministrativeInformation;
  readonly idShort?: string;
  readonly id: string;
}

export interface ShellDescriptor extends Descriptor {
  readonly assetKind?: (typeof assetKinds)[number];
  readonly assetType?: string;
  readonly endpoints?: readonly Endpoint[];
  readonly globalAssetId?: string;
  readonly specificAssetIds?: readonly SpecificAssetId[];
  readonly submodelDescriptors?: readonly SubmodelDescriptor[];
}

export interface SubmodelDescriptor extends Descriptor, HasSemantics {
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  /** `AAS-3.1`, `SUBMODEL-3.1`, `SUBMODEL-VALUE-3.1`, …; others are taken too. */
  readonly interface: string;
  readonly protocolInformation: ProtocolInformation;
}

export interface ProtocolInformation {
  readonly href: string;
  readonly endpointProtocol?: string;
  readonly endpointProtocolVersion?: readonly string[];
  readonly subprotocol?: string;
  readonly subprotocolBody?: string;
  readonly subprotocolBodyEncoding?: string;
  readonly securityAttributes?: readonly {
    readonly type: (typeof securityTypes)[number];
    readonly key: string;
    readonly value: string;
  }[];
}

/** SecurityTypeEnum. */
export const securityTypes = ["NONE", "RFC_TLSA", "W3C_DID"] as const;
