import { createAasSurface } from "../../../src/northbound/aas/aas-surface.ts";
import { asks, type Case } from "./case.ts";
import { allCases } from "./cases/all-cases.ts";
import { runningCases } from "./cases/running-cases.ts";
import { type Answer, createJudge, type Judge } from "./official/judge.ts";
import { type OfficialOperation, officialOperations } from "./official/openapi.ts";
import { routeOf } from "./official/route.ts";
import { busy, empty, failing, openStagedHub, type Stage } from "./staged-hub.ts";
import { filled, type Key, openWorld, request, shellId, submodelId, type World } from "./world.ts";

/** One status of one operation: what was asked for it, and what of the answers was wrong. */
export interface Pair {
  readonly operation: OfficialOperation;
  readonly status: string;
  readonly served: boolean;
  readonly asked: number;
  readonly problems: readonly string[];
}

/** Cases for a hub in a state of its own. */
interface StagedCases extends Stage {
  readonly cases: readonly Case[];
}

/** Where a case's answer comes from. */
type Ask = (one: Case) => Promise<{ readonly answer: Answer; readonly problems?: readonly string[] }>;

/**
 * Asks a whole hub every case, every operation without a key and with another tenant's, and every operation of a hub
 * that fails; judges each answer by the official OpenAPI.
 * @returns one entry for each of its 1,501 pairs of operation and status, in its order
 */
export async function measureCoverage(files: ReadonlyMap<string, object>): Promise<readonly Pair[]> {
  const operations = officialOperations(files);
  const served = servedRoutes();
  const here = operations.filter((operation) => served.has(routeOf(operation)));
  const judge = createJudge(files);
  const seen = new Map<string, { asked: number; problems: string[] }>();

  async function ask(cases: readonly Case[], by: Ask): Promise<void> {
    for (const one of cases) {
      const operation = here.find((official) => routeOf(official) === routeOf(one));
      if (operation === undefined) continue;
      const key = pairKey(operation, one.status);
      const pair = seen.get(key) ?? { asked: 0, problems: [] };
      seen.set(key, pair);
      pair.asked += 1;
      const problems = await problemsOf(operation, one, by, judge);
      pair.problems.push(...problems.map((problem) => `${one.what || "plain"}: ${problem}`));
    }
  }

  const world = await openWorld();
  try {
    await ask(allCases(operations), async (one) => await asked(world, one));
    for (const [status, key] of [
      [401, "none"],
      [403, "elsewhere"],
    ] as const) {
      await ask(everyOne(here, status), async ({ verb, path }) => ({
        answer: await world.send(verb, filled(path), {}, key satisfies Key),
      }));
    }
  } finally {
    await world.close();
  }
  const stages: readonly StagedCases[] = [
    { services: failing("internal"), cases: everyOne(here, 500) },
    { services: failing("overloaded"), cases: everyOne(here, 503) },
    {
      services: empty,
      cases: [asks("PUT", "/aas/asset-information/thumbnail", 404, () => ({}), "no shell here")],
    },
    { services: busy, served: { shell: shellId, submodel: submodelId }, cases: runningCases },
  ];
  for (const { cases, ...stage } of stages) {
    const hub = await openStagedHub(stage);
    try {
      await ask(cases, async (one) => {
        const filling = await one.ask(world);
        return { answer: await request(one.verb, `${hub.url}/api/v3.1${filled(one.path, filling.params)}`, filling) };
      });
    } finally {
      await hub.close();
    }
  }
  return operations.flatMap((operation) =>
    [...operation.answers.keys()].map((status) => ({
      operation,
      status,
      served: served.has(routeOf(operation)),
      asked: 0,
      problems: [],
      ...seen.get(`${operation.id} ${status}`),
    })),
  );
}

function servedRoutes(): ReadonlySet<string> {
  const { operations } = createAasSurface({ services: () => Promise.reject(new Error("not asked")) });
  return new Set(operations.map(({ method, path }) => `${method} ${path}`));
}

const everyOne = (operations: readonly OfficialOperation[], status: number): readonly Case[] =>
  operations.map(({ verb, path }) => asks(verb, path, status, () => ({}), "any request"));

/** What an operation does not document by number is its default. */
function pairKey({ id, answers }: OfficialOperation, status: number): string {
  return `${id} ${answers.has(String(status)) ? status : "default"}`;
}

async function problemsOf(operation: OfficialOperation, one: Case, by: Ask, judge: Judge): Promise<readonly string[]> {
  try {
    const { answer, problems = [] } = await by(one);
    if (answer.status !== one.status)
      return [`${answer.status} instead of ${one.status}: ${answer.bytes.toString().slice(0, 300)}`];
    const wrong = one.wrong?.(answer.bytes.toString());
    return [...judge(operation, answer), ...problems, ...(wrong === undefined ? [] : [wrong])];
  } catch (thrown) {
    return [thrown instanceof Error ? thrown.message : String(thrown)];
  }
}

async function asked(world: World, one: Case): ReturnType<Ask> {
  const ask = await one.ask(world);
  const path = filled(one.path, ask.params);
  const answer = await world.send(one.verb, path, ask);
  const location = answer.headers.get("location");
  if (location === null || location === "") return { answer };
  const leads = await world.send("GET", new URL(location, answer.url).href);
  // What has an address and no GET of its own, as a reference in a shell, says so.
  return leads.status < 400 || leads.status === 405
    ? { answer }
    : { answer, problems: [`its Location ${location} says ${leads.status}`] };
}
