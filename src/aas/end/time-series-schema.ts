import { type Static, Type } from "typebox";

/** `timeSeries:` of a submodel in a mapping file. */

const closed = { additionalProperties: false } as const;
const duration = "^[0-9]+(\\.[0-9]+)? ?(ms|s|m|min|h|d)$";
const text = Type.Union([Type.String({ minLength: 1 }), Type.Record(Type.String(), Type.String({ minLength: 1 }))]);

export const timeSeriesSchema = Type.Object(
  {
    name: Type.Optional(text),
    description: Type.Optional(text),
    points: Type.Union([
      Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
      Type.Record(Type.String(), Type.String(), { minProperties: 1, maxProperties: 100 }),
    ]),
    segments: Type.Object(
      {
        internal: Type.Optional(
          Type.Object(
            {
              window: Type.String({ pattern: duration }),
              maxRecords: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
            },
            closed,
          ),
        ),
        linked: Type.Optional(Type.Boolean()),
        external: Type.Optional(
          Type.Object({ from: Type.String({ minLength: 1 }), to: Type.String({ minLength: 1 }) }, closed),
        ),
      },
      { ...closed, minProperties: 1 },
    ),
  },
  closed,
);

export type TimeSeriesWish = Static<typeof timeSeriesSchema>;
