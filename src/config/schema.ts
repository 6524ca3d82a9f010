import { type Static, Type } from "typebox";
import type { Right } from "../core/scope.ts";
import { AasSection } from "./aas-section.ts";
import { byteSize, choice, duration, path, secret } from "./fields.ts";
import { OperationsSection } from "./operations-section.ts";
import { RegistriesSection } from "./registries-section.ts";

/** A section: unknown keys are errors, and it may be left out whole. */
const section = { additionalProperties: false, default: {} };
const closed = { additionalProperties: false };

const RIGHTS: readonly Right[] = ["read", "write", "admin"];

const Tls = Type.Object(
  {
    cert: path({ description: "PEM file of the certificate chain." }),
    key: path({ description: "PEM file of the private key." }),
  },
  { ...closed, description: "Serve HTTPS on the same port." },
);

const Http = Type.Object(
  {
    host: Type.String({
      minLength: 1,
      default: "127.0.0.1",
      description:
        "Address to listen on. Anything but loopback needs at least one key in `security.apiKeys`, since the hub can actuate machines.",
    }),
    port: Type.Integer({
      minimum: 0,
      maximum: 65535,
      default: 8080,
      description: "Port to listen on; 0 takes a free one, which the hub prints.",
    }),
    baseUrl: Type.Optional(
      Type.String({
        pattern: "^https?://",
        description: "URL under which clients reach the hub, where that is not the address it listens on (a proxy).",
      }),
    ),
    trustedProxies: Type.Optional(
      Type.Array(Type.String({ pattern: "^[0-9A-Fa-f.:]+(/\\d{1,3})?$" }), {
        description:
          "Addresses of proxies, such as `10.0.0.7` or `10.0.0.0/24`, whose `X-Forwarded-Proto`, `-Host` and `-Prefix` say how clients reach the hub. Without effect beside `baseUrl`.",
      }),
    ),
    tls: Type.Optional(Tls),
    allowedHosts: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        "Host names taken in the `Host` header, besides loopback, `http.host` and that of `http.baseUrl`; `*.example.org` takes its subdomains. Addresses are always taken where the hub listens on all of them.",
    }),
    corsOrigins: Type.Array(Type.String({ pattern: "^https?://[^/]+$" }), {
      default: [],
      description: "Origins whose web pages may call the hub, such as `https://app.example.org`.",
    }),
  },
  { ...section, description: "The one HTTP port of all APIs." },
);

const Store = Type.Object(
  {
    sqlite: path({
      default: "./data",
      env: "TWINWEAVE_DATA_DIR",
      description: "Folder of the embedded store, one file a tenant; the connectors' own certificates lie there too.",
    }),
    postgres: Type.Optional(
      secret({
        pattern: "^postgres(?:ql)?://",
        description:
          "Keeps twins in a PostgreSQL database (15 or newer) instead: its connection string, such as `${env:DATABASE_URL}`. The role needs no more than to make a schema there; what is this machine's own stays in the folder of `sqlite`. One hub a database; `diskBudget` bounds files alone there.",
      }),
    ),
    postgresOwner: Type.Optional(
      secret({
        pattern: "^postgres(?:ql)?://",
        description:
          "Connection string of another role, which makes and owns the tables, so that the one of `postgres` owns nothing.",
      }),
    ),
    schema: Type.String({
      default: "twinweave",
      pattern: "^[a-z_][a-z0-9_]{0,62}$",
      description: "Schema of the database that the tables are in.",
    }),
    connections: Type.Integer({
      default: 10,
      minimum: 2,
      maximum: 200,
      description: "Connections to the database that may be open at a time.",
    }),
    diskBudget: byteSize({
      default: "10 GiB",
      description:
        "What the store may take on the disk; beyond it the oldest history goes first. Files may take half of it.",
    }),
  },
  { ...section, description: "Where twins, history and deliveries are kept." },
);

const Source = Type.Object(
  { type: Type.String({ minLength: 1, description: "Kind of connector; docs/connectors has a page for each." }) },
  { description: "A connection. Its other keys are those of its kind of connector." },
);

const ApiKey = Type.Object(
  {
    name: Type.String({ minLength: 1, description: "Who uses the key; the audit and the logs name it." }),
    key: Type.Optional(
      secret({
        minLength: 16,
        description: "The key itself, best by reference: `${file:/run/secrets/erp}` or `${env:ERP_KEY}`.",
      }),
    ),
    hash: Type.Optional(
      Type.String({
        pattern: "^sha256:[0-9a-f]{64}$",
        guarded: true,
        description: "Instead of the key, `sha256:` and its SHA-256 in lower-case hex.",
      }),
    ),
    rights: Type.Array(choice(RIGHTS, {}), {
      default: ["read"],
      minItems: 1,
      description: "`read` twins; `write` them, which can actuate machines; `admin`: sources, certificates, reloads.",
    }),
    tenants: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: "Tenants the key is good for; left out: all." }),
    ),
  },
  closed,
);

const Egress = Type.Object(
  {
    allowPrivate: Type.Boolean({
      default: false,
      description: "Whether clients may make the hub call private, link-local and loopback addresses.",
    }),
    allowedHosts: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: "Hosts always allowed, private or not; `*.example.org` takes its subdomains.",
    }),
    allowHttp: Type.Boolean({ default: true, description: "Whether plain `http:` is allowed, or `https:` alone." }),
    timeout: duration({ default: "10s", description: "Time for one call, connect to last byte." }),
    maxBytes: byteSize({ default: "4 MiB", description: "Largest answer that is read." }),
  },
  {
    ...section,
    description: "What the hub fetches or calls for its clients: JSON-LD contexts, subscription endpoints.",
  },
);

/** The whole of `twinweave.yaml`. Docs, editor schema, environment names, checks and types come from here. */
export const ConfigSchema = Type.Object(
  {
    http: Http,
    store: Store,
    mappings: Type.Array(path({}), { default: [], description: "Mapping files: files, folders and globs." }),
    contexts: Type.Optional(
      path({
        env: "TWINWEAVE_CONTEXTS",
        description: "Folder of JSON-LD contexts that the hub serves and mapping files name.",
      }),
    ),
    sources: Type.Record(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$" }), Source, {
      ...section,
      description: "Connections to the plant, by name; mapping files refer to the names.",
    }),
    tenants: Type.Object(
      {
        implicit: Type.Boolean({
          default: false,
          description:
            "Whether an NGSI-LD write for an unknown tenant makes that tenant (GS CIM 009 5.5.10). Mapping files make theirs either way.",
        }),
      },
      { ...section, description: "Tenants." },
    ),
    security: Type.Object(
      {
        apiKeys: Type.Array(ApiKey, {
          default: [],
          description: "Keys that clients send as `X-API-Key` or bearer token.",
        }),
      },
      { ...section, description: "Who may do what. Without any key everybody on loopback may do everything." },
    ),
    history: Type.Object(
      {
        retention: duration({
          default: "30d",
          description: "How long values are kept, unless a mapping says otherwise.",
        }),
        pageInstances: Type.Integer({
          minimum: 1,
          maximum: 10_000,
          default: 16,
          description:
            "Instances of one attribute in an answer of NGSI-LD's temporal API; where there are more it is a 206 that says how far it goes.",
        }),
      },
      { ...section, description: "The past of signals and attributes." },
    ),
    outbox: Type.Object(
      {
        bound: Type.Integer({
          minimum: 1,
          default: 100_000,
          description:
            "Deliveries that may wait for a tenant's subscribers; beyond it the oldest are dropped and counted.",
        }),
      },
      { ...section, description: "Notifications on their way." },
    ),
    aas: AasSection,
    registries: RegistriesSection,
    operations: OperationsSection,
    egress: Egress,
    log: Type.Object(
      {
        level: choice(["error", "warn", "info", "debug"], {
          default: "warn",
          description: "Least severe level that is logged.",
        }),
        format: choice(["text", "json"], { default: "text", description: "For people, or one JSON object a line." }),
      },
      { ...section, description: "The log on stderr." },
    ),
  },
  { ...closed, description: "Configuration of a Twinweave hub. Everything may be left out." },
);

/** The values as the hub uses them: defaults filled in, durations in ms, sizes in bytes, paths absolute, secrets wrapped. */
export type Settings = Static<typeof ConfigSchema>;
