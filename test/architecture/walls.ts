import { fileURLToPath } from "node:url";
import { cruise, type IForbiddenRuleType, type IReporterOutput } from "dependency-cruiser";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** One room of the house: its files, and what they may import of src/ besides each other (all as patterns of paths). */
interface Room {
  readonly name: string;
  readonly files: string;
  readonly may: readonly string[];
}

const CORE = "^src/core/";
const STORE_CONTRACT = "^src/store/(series-)?contract\\.ts$";
const TWIN_CONTRACT = "^src/twin/contract\\.ts$";
const CONTRACTS = [CORE, STORE_CONTRACT, TWIN_CONTRACT];
/** What all surfaces share, without the one file that knows Express. */
const NORTHBOUND_COMMON = "^src/northbound/(?!operation\\.ts$)[^/]+\\.ts$";

/** The house of docs/architecture.md: a value moves up once and never sideways. */
export const ROOMS: readonly Room[] = [
  { name: "core", files: "^src/core/", may: [] },
  { name: "config", files: "^src/config/", may: [CORE] },
  { name: "southbound", files: "^src/southbound/[^/]+\\.ts$", may: [CORE, "^src/southbound/"] },
  {
    name: "connector",
    files: "^src/southbound/([^/]+)/",
    may: [CORE, "^src/southbound/$1/", "^src/southbound/contract\\.ts$"],
  },
  { name: "mapping", files: "^src/mapping/", may: [CORE] },
  { name: "geometry", files: "^src/geometry/", may: [CORE] },
  { name: "store", files: "^src/store/", may: [CORE, "^src/geometry/"] },
  { name: "twin", files: "^src/twin/", may: [CORE, STORE_CONTRACT] },
  { name: "security", files: "^src/security/", may: [CORE, "^src/config/"] },
  { name: "egress", files: "^src/egress/", may: [CORE] },
  { name: "logging", files: "^src/logging/", may: [CORE] },
  { name: "metrics", files: "^src/metrics/", may: [CORE] },
  { name: "time-series", files: "^src/time-series/", may: [CORE, STORE_CONTRACT] },
  { name: "aas", files: "^src/aas/", may: [...CONTRACTS, "^src/time-series/"] },
  { name: "ngsi-ld", files: "^src/ngsi-ld/", may: [...CONTRACTS, "^src/geometry/"] },
  { name: "deliver", files: "^src/deliver/", may: [CORE, STORE_CONTRACT] },
  { name: "northbound", files: "^src/northbound/[^/]+\\.ts$", may: [...CONTRACTS, "^src/northbound/[^/]+\\.ts$"] },
  {
    name: "admin",
    files: "^src/northbound/admin/",
    may: [...CONTRACTS, NORTHBOUND_COMMON, "^src/southbound/(contract|source-status)\\.ts$", "^src/metrics/"],
  },
  {
    name: "surface",
    files: "^src/northbound/((?!admin/)[^/]+)/",
    may: [...CONTRACTS, NORTHBOUND_COMMON, "^src/northbound/$1/", "^src/$1/"],
  },
  { name: "hub", files: "^src/hub/", may: ["^src/(?!cli/|demo/|docs/|main\\.ts$)"] },
  { name: "demo", files: "^src/demo/", may: [CORE] },
  {
    name: "cli",
    files: "^src/cli/",
    may: [CORE, "^src/(aas|config|demo|hub|mapping|security)/", "^src/southbound/contract\\.ts$"],
  },
  { name: "docs", files: "^src/docs/", may: ["^src/"] },
  { name: "main", files: "^src/main\\.ts$", may: ["^src/"] },
];

const roomRules: IForbiddenRuleType[] = ROOMS.map(({ name, files, may }) => ({
  name,
  severity: "error",
  from: { path: files },
  // Files of one room may always see each other, except connectors and surfaces, which name their own folder.
  to: { path: "^src/", pathNot: [...(files.includes("(") ? [] : [files]), ...may] },
}));

const otherRules: IForbiddenRuleType[] = [
  { name: "no-cycle", severity: "error", from: { path: "^src/" }, to: { circular: true } },
  {
    name: "core-imports-nothing",
    severity: "error",
    from: { path: CORE },
    to: { pathNot: [CORE] },
  },
  {
    name: "only-operation-knows-express",
    severity: "error",
    from: { path: "^src/", pathNot: ["^src/northbound/operation\\.ts$"] },
    to: { path: "(^|node_modules/)(@types/)?express(/|$)" },
  },
  {
    name: "sources-import-no-tests",
    severity: "error",
    from: { path: "^src/" },
    to: { path: "^(test|bench|bin|scripts)/" },
  },
  { name: "nothing-unresolved", severity: "error", from: { path: "^src/" }, to: { couldNotResolve: true } },
];

export interface Survey {
  /** Source files seen, `src/…`. */
  readonly files: readonly string[];
  /** `rule: from → to`, sorted. */
  readonly violations: readonly string[];
}

/** Reads all imports under `folder`/src, type-only ones too, and holds them against the walls. */
export async function survey(folder: string): Promise<Survey> {
  const { output }: IReporterOutput = await cruise(
    ["src"],
    {
      baseDir: folder,
      // Its TypeScript parser finds nothing under TypeScript 7: "0 modules, no violations".
      parser: "swc",
      tsPreCompilationDeps: true,
      doNotFollow: { path: "node_modules" },
      validate: true,
      ruleSet: { forbidden: [...roomRules, ...otherRules] },
    },
    { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  );
  if (typeof output === "string") throw new Error(`dependency-cruiser says: ${output}`);
  return {
    files: output.modules.map(({ source }) => source).filter((source) => source.startsWith("src/")),
    violations: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort(),
  };
}
