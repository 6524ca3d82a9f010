import { Type } from "typebox";
import { duration, secret } from "./fields.ts";

const base = (what: string) =>
  Type.Optional(
    Type.String({
      pattern: "^https?://[^/?#]+[^?#]*$",
      description: `Base URL of ${what}, such as \`https://registry.example.org/api/v3.1\`.`,
    }),
  );

const OutsideRegistry = Type.Object(
  {
    shells: base("an AAS registry: descriptors of shells go there"),
    submodels: base("a submodel registry: descriptors of submodels go there"),
    discovery: base("a discovery service: asset links of shells go there"),
    tenants: Type.Array(Type.String({ minLength: 1 }), {
      default: ["default"],
      minItems: 1,
      description: "Tenants whose shells and submodels are registered.",
    }),
    headers: Type.Record(Type.String({ minLength: 1 }), secret({}), {
      default: {},
      description: "Header fields of each request, such as `Authorization: ${file:/run/secrets/registry}`.",
    }),
    withdrawOnStop: Type.Boolean({
      default: false,
      description:
        "Whether everything is taken back when the hub stops; `twinweave registries withdraw` does it any time.",
    }),
    withdrawTimeout: duration({
      default: "5s",
      description: "Time that the hub's stop waits for that; what is left is taken back or kept at the next start.",
    }),
  },
  {
    additionalProperties: false,
    description: "A registry of others. The egress policy's ban of private addresses does not bind it.",
  },
);

/** Where the hub registers what it holds. */
export const RegistriesSection = Type.Record(
  Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$" }),
  OutsideRegistry,
  {
    additionalProperties: false,
    default: {},
    description: "Outside AAS registries and discovery services, by name, where the hub registers what it holds.",
  },
);
