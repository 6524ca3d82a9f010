import { type Static, Type } from "typebox";
import { DURATION_PATTERN } from "../core/duration.ts";
import { valueTypes } from "../core/value.ts";

const closed = { additionalProperties: false } as const;

/** Point names are used in expressions (`points.state`), hence an identifier. */
export const pointNamePattern = "^[A-Za-z][A-Za-z0-9_]*$";

const duration = (description: string, ...examples: string[]) =>
  Type.String({ pattern: DURATION_PATTERN, description, examples });

const unitSchema = Type.Union(
  [
    Type.String({
      minLength: 1,
      description: "The signal's unit: UNECE Rec 20 code or a known symbol.",
      examples: ["CEL", "bar"],
    }),
    Type.Object(
      {
        from: Type.Optional(
          Type.String({
            minLength: 1,
            description:
              "Unit of what the source sends. Left out: what the source itself says (OPC UA EngineeringUnits).",
            examples: ["[degF]"],
          }),
        ),
        to: Type.String({ minLength: 1, description: "Unit of the signal; values are converted.", examples: ["Cel"] }),
      },
      closed,
    ),
  ],
  {
    description:
      "Unit of the signal, as code or symbol; or the units between which to convert. Left out: what the source says.",
  },
);

const scaleSchema = Type.Object(
  {
    factor: Type.Optional(Type.Number({ description: "Multiplies; left out: 1.", examples: [0.1] })),
    offset: Type.Optional(Type.Number({ description: "Added after that; left out: 0.", examples: [-40] })),
  },
  {
    ...closed,
    minProperties: 1,
    description: "value × factor + offset, before any unit conversion. Writes invert it.",
  },
);

const qualitySchema = Type.Object(
  {
    bad: Type.Optional(
      Type.Enum(["hold", "take"], {
        description: "On bad quality: `hold` the last value (default), or `take` the value that came with it.",
        examples: ["hold"],
      }),
    ),
    staleAfter: Type.Optional(
      duration("Without a sign of life for so long the signal turns bad; left out: 30s.", "30s", "2m"),
    ),
  },
  { ...closed, description: "What happens to the value when the source doubts it or falls silent." },
);

const reportSchema = Type.Object(
  {
    deadband: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: "Smaller changes, in the signal's unit, are held back.",
        examples: [0.2],
      }),
    ),
    heartbeat: Type.Optional(duration("An unchanged value is reported again after so long.", "10m")),
  },
  { ...closed, description: "Which changes are worth reporting." },
);

const writeSchema = Type.Union(
  [
    Type.Boolean({ description: "`true`: clients may write it." }),
    Type.Object(
      {
        min: Type.Optional(Type.Number({ description: "Smallest value, in the signal's unit.", examples: [20] })),
        max: Type.Optional(Type.Number({ description: "Largest value, in the signal's unit.", examples: [180] })),
        when: Type.Optional(
          Type.String({
            minLength: 1,
            description: "CEL over the asset's points; the write is refused unless it is true.",
            examples: ["points.state == 'IDLE'"],
          }),
        ),
        confirm: Type.Optional(
          Type.Enum(["readback", "none"], {
            description: "`readback` (default): the device is asked what it took, and that is committed.",
            examples: ["readback"],
          }),
        ),
      },
      closed,
    ),
  ],
  { description: "Whether and how clients of both APIs may write the point. Left out: read-only." },
);

const aasEndSchema = Type.Union(
  [
    Type.String({
      minLength: 1,
      description: "Submodel name and idShortPath, with dots.",
      examples: ["OperationalData.Temperature"],
    }),
    Type.Object(
      {
        path: Type.String({
          minLength: 1,
          description: "Submodel name and idShortPath.",
          examples: ["OperationalData.Temperature"],
        }),
        valueType: Type.Optional(Type.String({ description: "xs: type of the Property.", examples: ["xs:double"] })),
        semanticId: Type.Optional(
          Type.String({ description: "What the element means.", examples: ["0173-1#02-AAV232#002"] }),
        ),
      },
      { additionalProperties: true },
    ),
  ],
  { description: "The element of a submodel that shows the point." },
);

const ngsiEndSchema = Type.Union(
  [
    Type.Literal(true, {
      description: "Named like the element of `aas:`; a hyphen of its idShort is written `_x2d_`.",
    }),
    Type.String({ minLength: 1, description: "Name of the attribute.", examples: ["temperature"] }),
    Type.Object(
      {
        attribute: Type.String({ minLength: 1, description: "Name of the attribute.", examples: ["temperature"] }),
        type: Type.Optional(
          Type.String({ description: "Kind of attribute; left out: Property.", examples: ["GeoProperty"] }),
        ),
        datasetId: Type.Optional(
          Type.String({ description: "The one instance that the link owns.", examples: ["urn:ngsi-ld:Dataset:raw"] }),
        ),
      },
      { additionalProperties: true },
    ),
  ],
  { description: "The attribute of the entity that shows the point." },
);

export const pointSchema = Type.Object(
  {
    from: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Object({}, { additionalProperties: true })], {
        description:
          "Address in the source, below the asset's where there is `forEach`; a string, or the connector's object form.",
        examples: ["Process/Temp"],
      }),
    ),
    type: Type.Optional(
      Type.Enum([...valueTypes], {
        description: "Type of the signal. Left out: what the source says, else what the template says.",
        examples: ["double"],
      }),
    ),
    unit: Type.Optional(unitSchema),
    scale: Type.Optional(scaleSchema),
    expr: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "CEL: with `from` over `value`, before scale and unit; without `from` over the asset's other points.",
        examples: ["value == 1 ? 'RUN' : 'IDLE'", "points.power / points.flow"],
      }),
    ),
    inverse: Type.Optional(
      Type.String({
        minLength: 1,
        description: "CEL over `value`: what to send for a written value; needed where `expr` meets `write`.",
        examples: ["value == 'RUN' ? 1 : 0"],
      }),
    ),
    quality: Type.Optional(qualitySchema),
    report: Type.Optional(reportSchema),
    history: Type.Optional(
      Type.Boolean({ description: "Whether changes are kept in history; left out: true.", examples: [false] }),
    ),
    interval: Type.Optional(duration("How often the source should look, where its protocol can be told.", "500ms")),
    write: Type.Optional(writeSchema),
    aas: Type.Optional(aasEndSchema),
    ngsi: Type.Optional(ngsiEndSchema),
  },
  closed,
);

export type PointDefinition = Static<typeof pointSchema>;
