import { type Static, Type } from "typebox";

/** Weakest first. Basic128Rsa15 and Basic256 are left out: OPC 10000-7 has withdrawn them, SHA-1 is broken. */
export const securityPolicies = ["None", "Aes128_Sha256_RsaOaep", "Basic256Sha256", "Aes256_Sha256_RsaPss"] as const;
export type SecurityPolicyName = (typeof securityPolicies)[number];

export const opcuaConfigSchema = Type.Object(
  {
    endpoint: Type.String({
      description:
        "Address of the server, without user and password. What it says of its own host name is mended to this one.",
      pattern: "^opc\\.tcp://[^@\\s]+$",
      examples: ["opc.tcp://10.0.0.5:4840"],
    }),
    security: Type.Optional(
      Type.Enum(["auto", ...securityPolicies], {
        description:
          "Security policy. `auto` takes the strongest that the server offers, and none at all only of a server of which no certificate was ever trusted. A server's certificate is trusted by an explicit step, never by itself.",
        default: "auto",
      }),
    ),
    mode: Type.Optional(
      Type.Enum(["SignAndEncrypt", "Sign"], {
        description: "How messages are protected where the policy is not None.",
        default: "SignAndEncrypt",
      }),
    ),
    user: Type.Optional(Type.String({ description: "User name; anonymous without.", minLength: 1 })),
    password: Type.Optional(Type.String({ description: "The user's password.", secret: true })),
    publishingInterval: Type.Optional(
      Type.Number({ description: "How often the server sends what has changed, in ms.", default: 100, minimum: 10 }),
    ),
    samplingInterval: Type.Optional(
      Type.Number({
        description: "How often the server looks at a point, in ms, where the mapping says nothing; 0: at each change.",
        default: 0,
        minimum: 0,
      }),
    ),
    queueSize: Type.Optional(
      Type.Integer({
        description: "Changes of one point that the server keeps between two publications and over an outage.",
        default: 10,
        minimum: 1,
        maximum: 100_000,
      }),
    ),
    keepAlive: Type.Optional(
      Type.Integer({
        description: "Longest silence of a healthy server, in ms; after about twice that the session is given up.",
        default: 5_000,
        minimum: 500,
      }),
    ),
    requestTimeout: Type.Optional(
      Type.Integer({
        description: "How long the server may take for one answer, in ms.",
        default: 10_000,
        minimum: 500,
      }),
    ),
  },
  { additionalProperties: false },
);

export type OpcuaConfig = Static<typeof opcuaConfigSchema>;

/** The configuration with every default filled in. */
export interface OpcuaSettings {
  readonly endpoint: string;
  readonly security: "auto" | SecurityPolicyName;
  readonly mode: "SignAndEncrypt" | "Sign";
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly publishingInterval: number;
  readonly samplingInterval: number;
  readonly queueSize: number;
  readonly keepAlive: number;
  readonly requestTimeout: number;
}

export function opcuaSettings(config: OpcuaConfig): OpcuaSettings {
  return {
    endpoint: config.endpoint,
    security: config.security ?? "auto",
    mode: config.mode ?? "SignAndEncrypt",
    user: config.user,
    password: config.password,
    publishingInterval: config.publishingInterval ?? 100,
    samplingInterval: config.samplingInterval ?? 0,
    queueSize: config.queueSize ?? 10,
    keepAlive: config.keepAlive ?? 5_000,
    requestTimeout: config.requestTimeout ?? 10_000,
  };
}
