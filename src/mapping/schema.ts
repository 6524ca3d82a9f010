import { type Static, Type } from "typebox";
import { DURATION_PATTERN } from "../core/duration.ts";
import { operationSchema } from "./operations/operation-schema.ts";
import { pointNamePattern, pointSchema } from "./point-schema.ts";

/**
 * The form of a mapping file, declared once: the check, the TypeScript types, the editor schema
 * (`docs/schema/mapping.schema.json`) and the reference page come from this value.
 */

const closed = { additionalProperties: false } as const;

/** An AAS idShort (AASd-002, IDTA-01001): letters, digits, underscore and hyphen, starting with a letter. */
const idShortPattern = "^[A-Za-z][A-Za-z0-9_-]*$";
/** Tenants and mapping names stand in link keys; a tenant also names files of the store. */
const tenantPattern = "^[a-z0-9][a-z0-9_-]{0,62}$";
export const namePattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,126}$";

const oneOrMore = (description: string, example: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], {
    description,
    examples: [example],
  });

const forEachSchema = Type.Object(
  {
    browse: Type.Optional(
      Type.String({
        minLength: 1,
        description: "A pattern in the source's own address space; every match is one asset.",
        examples: ["Objects/Line1/*", "plant/+/telemetry"],
      }),
    ),
    list: Type.Optional(
      Type.Array(
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
          description: "One asset: its fields, used as `{pump.name}`, `{pump.serial}`.",
        }),
        {
          minItems: 1,
          maxItems: 100_000,
          description: "The assets, written out, for sources that cannot be browsed.",
          examples: [[{ name: "p1", serial: "4711" }]],
        },
      ),
    ),
    as: Type.String({
      pattern: pointNamePattern,
      description: "The name under which an asset's fields are used in placeholders: `press` gives `{press.name}`.",
      examples: ["press"],
    }),
    base: Type.Optional(
      Type.String({
        description: "With `list`: the address below which an asset's points lie.",
        examples: ["plant/pump-station/{pump.name}"],
      }),
    ),
    key: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "What tells the assets apart, part of the key of each history series. Left out: the asset's `name`.",
        examples: ["{press.name}", "{press.path}"],
      }),
    ),
    expect: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "How many assets there must be; another number is an error, so that a lost machine is noticed.",
        examples: [12],
      }),
    ),
  },
  { ...closed, description: "Repeats the mapping over many assets: `browse` asks the source, `list` names them here." },
);

const shellSchema = Type.Object(
  {
    id: Type.String({
      minLength: 1,
      description: "Identifier of the shell.",
      examples: ["urn:acme:press:{press.name}"],
    }),
    idShort: Type.Optional(Type.String({ description: "Its idShort.", examples: ["Press_{press.name}"] })),
    assetId: Type.String({
      minLength: 1,
      description: "globalAssetId of the asset that the shell stands for.",
      examples: ["urn:acme:asset:{press.name}"],
    }),
    assetKind: Type.Optional(
      Type.Enum(["Instance", "Type", "Role", "NotApplicable"], {
        description: "Left out: Instance.",
        examples: ["Instance"],
      }),
    ),
  },
  { ...closed, description: "The Asset Administration Shell of each asset; it refers to the submodels below." },
);

const textSchema = (description: string, example: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Record(Type.String(), Type.String({ minLength: 1 }))], {
    description,
    examples: [example],
  });

const timeSeriesSchema = Type.Object(
  {
    name: Type.Optional(textSchema("What the series is called; or a text for each language.", "Hydraulics")),
    description: Type.Optional(textSchema("What it is about; or a text for each language.", "Flow and pressure")),
    points: Type.Union(
      [
        Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
        Type.Record(Type.String({ pattern: idShortPattern }), Type.String(), { minProperties: 1, maxProperties: 100 }),
      ],
      {
        description: "Points whose history is shown, each with an `aas`; as a map, with the names of their variables.",
        examples: [["flow", "pressure"], { Flow: "flow" }],
      },
    ),
    segments: Type.Object(
      {
        internal: Type.Optional(
          Type.Object(
            {
              window: Type.String({
                pattern: DURATION_PATTERN,
                description: "How far back from now.",
                examples: ["1h"],
              }),
              maxRecords: Type.Optional(
                Type.Integer({
                  minimum: 1,
                  maximum: 10_000,
                  description: "At most so many records, the newest; left out: 1000.",
                  examples: [200],
                }),
              ),
            },
            { ...closed, description: "Records that stand in the submodel when it is read." },
          ),
        ),
        linked: Type.Optional(
          Type.Boolean({ description: "The address and query of the hub's own time series endpoint." }),
        ),
        external: Type.Optional(
          Type.Object(
            {
              from: Type.String({ description: "From when, inclusive.", examples: ["2026-11-01T00:00:00Z"] }),
              to: Type.String({ description: "Until when, exclusive.", examples: ["2026-12-01T00:00:00Z"] }),
            },
            { ...closed, description: "A CSV file with the records of a range, made when it is fetched." },
          ),
        ),
      },
      { ...closed, minProperties: 1, description: "Which segments there are." },
    ),
  },
  { ...closed, description: "Makes it a time series (IDTA 02008) of the asset's own points, answered from history." },
);

const submodelSchema = Type.Object(
  {
    id: Type.String({
      minLength: 1,
      description: "Identifier of the submodel.",
      examples: ["urn:acme:press:{press.name}:operational"],
    }),
    template: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "A submodel template (JSON, XML or AASX), relative to this file; the submodel starts as an instance of it.",
        examples: ["../aas-templates/operational-data.json"],
      }),
    ),
    semanticId: Type.Optional(
      Type.String({
        minLength: 1,
        description: "What the submodel means, where no template says it.",
        examples: ["https://admin-shell.io/idta/SubmodelTemplate/OperationalData/1/0"],
      }),
    ),
    values: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "Fixed values by idShortPath.",
        examples: [{ SerialNumber: "{press.serial}" }],
      }),
    ),
    timeSeries: Type.Optional(timeSeriesSchema),
  },
  closed,
);

const entitySchema = Type.Object(
  {
    id: Type.String({
      minLength: 1,
      description: "Identifier of the NGSI-LD entity, a URI.",
      examples: ["urn:ngsi-ld:Press:{press.name}"],
    }),
    type: oneOrMore("Its type, a term of the context or an IRI; or several.", "Press"),
    context: Type.Optional(
      oneOrMore(
        "JSON-LD context: a file of `ngsi-ld-contexts/` (served by the hub) or a URL; or several. Left out: the core context.",
        "press.jsonld",
      ),
    ),
    scope: Type.Optional(oneOrMore("Scopes of the entity (CIM 009 4.18).", "/plant/line1")),
    attributes: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: "Attributes that never change: plain values, or NGSI-LD attributes with their type.",
        examples: [{ serialNumber: "{press.serial}" }],
      }),
    ),
  },
  { ...closed, description: "The NGSI-LD entity of each asset." },
);

const twinSchema = Type.Object(
  {
    shell: Type.Optional(shellSchema),
    submodels: Type.Optional(
      Type.Record(Type.String({ pattern: idShortPattern }), submodelSchema, {
        ...closed,
        description: "The submodels by idShort; `aas:` of a point starts with one of these names.",
      }),
    ),
    entity: Type.Optional(entitySchema),
  },
  {
    ...closed,
    minProperties: 1,
    description: "What each asset looks like in the two standards. `{…}` is filled in per asset.",
  },
);

export const mappingSchema = Type.Object(
  {
    twinweave: Type.Literal(1, { description: "Version of this file's form." }),
    name: Type.Optional(
      Type.String({
        pattern: namePattern,
        description: "Unique in the tenant, part of the key of each history series; left out: the file's name.",
        examples: ["press-line"],
      }),
    ),
    source: Type.Optional(
      Type.String({
        minLength: 1,
        description: "A source in `twinweave.yaml`, needed where points have `from`.",
        examples: ["press-line"],
      }),
    ),
    tenant: Type.Optional(
      Type.String({
        pattern: tenantPattern,
        description: "The tenant that the twins belong to; left out: default.",
        examples: ["default"],
      }),
    ),
    adopt: Type.Optional(
      Type.Boolean({
        description: "Take over documents that a client or another mapping has made; left out: false.",
        examples: [true],
      }),
    ),
    forEach: Type.Optional(forEachSchema),
    twin: twinSchema,
    operations: Type.Optional(
      Type.Record(Type.String({ pattern: pointNamePattern }), operationSchema, {
        ...closed,
        description: "What clients of the AAS API may invoke on each asset, by name.",
      }),
    ),
    points: Type.Record(Type.String({ pattern: pointNamePattern }), pointSchema, {
      ...closed,
      minProperties: 1,
      description: "The points of each asset, by name: where the value comes from and where it is shown.",
    }),
  },
  {
    ...closed,
    title: "Twinweave mapping file, version 1",
    description: "Weaves points of a source into AAS submodels and NGSI-LD entities.",
  },
);

export type MappingFile = Static<typeof mappingSchema>;
