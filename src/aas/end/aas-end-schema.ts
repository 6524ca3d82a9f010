import { type Static, Type } from "typebox";
import { assetKinds, xsdTypes } from "../metamodel/literals.ts";
import { timeSeriesSchema } from "./time-series-schema.ts";

/** The members of `twin:` in a mapping file that are the AAS's. */
export const shellSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 2048, description: "Identifier of the shell, an IRI or URN." }),
    idShort: Type.Optional(Type.String({ description: "Short name of the shell." })),
    assetId: Type.String({ minLength: 1, maxLength: 2048, description: "The asset's globalAssetId." }),
    assetKind: Type.Optional(
      Type.Union(
        assetKinds.map((kind) => Type.Literal(kind)),
        { description: "Instance by default." },
      ),
    ),
  },
  { additionalProperties: false, description: "The Asset Administration Shell of the asset." },
);

export const submodelsSchema = Type.Record(
  Type.String(),
  Type.Object(
    {
      id: Type.String({ minLength: 1, maxLength: 2048, description: "Identifier of the submodel." }),
      template: Type.Optional(
        Type.String({
          description: "File with a submodel (kind Template or not): JSON, XML or AASX, relative to the mapping file.",
        }),
      ),
      semanticId: Type.Optional(Type.String({ description: "semanticId, where the template has none." })),
      values: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description: "Fixed values by idShort path; a map nests, or gives a text for each language.",
        }),
      ),
      timeSeries: Type.Optional(timeSeriesSchema),
    },
    { additionalProperties: false },
  ),
  { description: "Submodels by idShort." },
);

/** What stands behind `aas:` of a point, in its long form. */
export const leafSchema = Type.Object(
  {
    path: Type.String({ description: "Submodel and idShort path: OperationalData.Temperature." }),
    valueType: Type.Optional(
      Type.Union(
        xsdTypes.map((type) => Type.Literal(type)),
        { description: "XSD type of the Property; by default the one of the link's type." },
      ),
    ),
    semanticId: Type.Optional(Type.String({ description: "semanticId of the Property." })),
  },
  { additionalProperties: false },
);

/** What stands behind `aas:` of an operation, in its long form. */
export const operationEndSchema = Type.Object(
  {
    path: Type.String({ description: "Submodel and idShort path: OperationalData.SetSpeed." }),
    semanticId: Type.Optional(Type.String({ description: "semanticId of the Operation." })),
  },
  { additionalProperties: false },
);

export type OperationEndWish = Static<typeof operationEndSchema>;
export type ShellWish = Static<typeof shellSchema>;
export type SubmodelsWish = Static<typeof submodelsSchema>;
export type LeafWish = Static<typeof leafSchema>;
