import { type Static, Type } from "typebox";
import { valueTypes } from "../../core/value.ts";

const closed = { additionalProperties: false } as const;

/** One value or a list of them: neither structures nor texts that stand for numbers. */
const argumentTypes = valueTypes.filter((type) => type !== "json" && type !== "decimal");

/** Names of arguments are idShorts (AASd-002). */
const argumentNamePattern = "^[A-Za-z][A-Za-z0-9_-]*[A-Za-z0-9_]$";

const typeMembers = {
  type: Type.Optional(
    Type.Enum(argumentTypes, {
      description:
        "Type of the argument, or of each item. Left out: what the source, the written point or the template says.",
      examples: ["double"],
    }),
  ),
  list: Type.Optional(
    Type.Boolean({ description: "Whether it is a list. Left out: what the source says.", examples: [true] }),
  ),
};

const methodArgument = Type.Optional(
  Type.String({
    minLength: 1,
    description: "The method's argument; left out: the one of the same name.",
    examples: ["NewSpeed"],
  }),
);

const argumentsSchema = (description: string, members: Readonly<Record<string, typeof methodArgument>>) =>
  Type.Optional(
    Type.Record(
      Type.String({ pattern: argumentNamePattern }),
      Type.Union([
        Type.String({ minLength: 1, description: "The method's argument.", examples: ["NewSpeed"] }),
        Type.Object({ ...members, ...typeMembers }, closed),
      ]),
      { ...closed, description },
    ),
  );

const operationEndSchema = Type.Union(
  [
    Type.String({
      minLength: 1,
      description: "Submodel name and idShortPath, with dots.",
      examples: ["OperationalData.SetSpeed"],
    }),
    Type.Object(
      {
        path: Type.String({
          minLength: 1,
          description: "Submodel name and idShortPath.",
          examples: ["OperationalData.SetSpeed"],
        }),
        semanticId: Type.Optional(Type.String({ minLength: 1, description: "What the operation means." })),
      },
      closed,
    ),
  ],
  { description: "The Operation of a submodel that clients invoke; made where the template has none." },
);

export const operationSchema = Type.Object(
  {
    aas: operationEndSchema,
    call: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Object({}, { additionalProperties: true })], {
        description:
          "Method of the device that is called: an address, written as those of points. Either this or `set`.",
        examples: ["Operational/Control/SetSpeed"],
      }),
    ),
    set: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String({ minLength: 1 }), Type.Number(), Type.Boolean()]), {
        minProperties: 1,
        description:
          "Points that are written, in this order, each with a CEL expression over `arguments` (or a plain number, true or false), in the point's unit. Its `write` decides whether it may be; the first refusal ends the operation.",
        examples: [{ setpoint: "arguments.Speed" }],
      }),
    ),
    input: argumentsSchema(
      "Input arguments by name. Left out: those of the method, or those that the expressions of `set` use.",
      { argument: methodArgument },
    ),
    output: argumentsSchema("Output arguments by name. Left out: those of the method.", { result: methodArgument }),
    inout: argumentsSchema("Arguments that go in and come back changed.", {
      argument: methodArgument,
      result: methodArgument,
    }),
  },
  { ...closed, description: "One operation of each asset." },
);

export type OperationDefinition = Static<typeof operationSchema>;
