import { join } from "node:path";
import { compileCondition } from "../../src/aas/query/compile-query.ts";
import { parseQuery } from "../../src/aas/query/parse-query.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { systemClock } from "../../src/core/time.ts";
import type { DocumentPort } from "../../src/store/contract.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import type { Figure } from "../report/figure.ts";
import { median } from "../report/quantile.ts";
import type { Section } from "../section.ts";
import { fillStore } from "./query-plant.ts";
import { askRaw, openRaw, type rawQueries } from "./raw-query.ts";

interface Question {
  readonly raw: keyof typeof rawQueries;
  readonly what: string;
  readonly condition: object;
  readonly value: string | number;
  /** So many are found, and no more than a page. */
  readonly found: number;
}

const field = (name: string) => ({ $field: name });
const questions: readonly Question[] = [
  {
    raw: "id",
    what: "$sm#id equal",
    condition: { $eq: [field("$sm#id"), { $strVal: "urn:bench:sm:777" }] },
    value: "urn:bench:sm:777",
    found: 1,
  },
  {
    raw: "text",
    what: "$sme.SerialNumber#value equal",
    condition: { $eq: [field("$sme.SerialNumber#value"), { $strVal: "SerialNumber-777" }] },
    value: "SerialNumber-777",
    found: 1,
  },
  {
    raw: "range",
    what: "$sme.Width#value below a bound",
    condition: { $lt: [field("$sme.Width#value"), { $numVal: 20 }] },
    value: 20,
    found: Number.NaN,
  },
  {
    raw: "walk",
    what: "$contains in one element a submodel, none found",
    condition: { $contains: [field("$sme.Comment#value"), { $strVal: "nothing" }] },
    value: "nothing",
    found: 0,
  },
];

const patience = 300;

/** Queries of the AAS Query Language, compiled and answered through the reader thread, beside SQL written by hand. */
export const querySection: Section = {
  name: "query",
  async run({ quick, folder, say }) {
    const figures: Figure[] = [];
    for (const count of quick ? [1_000] : [10_000, 100_000]) {
      say(`making ${count} submodels …`);
      const raw = openRaw(join(folder, `raw-${count}.sqlite`), count);
      const stores = await openSqliteStores({
        directory: join(folder, `store-${count}`),
        options: { budget: 8 * 1024 ** 3, retention: 1e12, outboxBound: 1_000 },
        clock: systemClock,
        log: silentLogger,
      });
      try {
        const store = await stores.open("default");
        await fillStore(store, count);
        for (const question of questions) figures.push(await measured(store.documents, raw, question, count, quick));
      } finally {
        await stores.close();
        raw.close();
      }
    }
    return figures;
  },
};

async function measured(
  documents: DocumentPort,
  raw: ReturnType<typeof openRaw>,
  question: Question,
  count: number,
  quick: boolean,
): Promise<Figure> {
  const rounds = quick ? 3 : question.raw === "walk" ? 5 : 51;
  const mine: number[] = [];
  const theirs: number[] = [];
  let pages = 0;
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    const answer = await askStore(documents, question.condition);
    const between = performance.now();
    const found = askRaw(raw, question.raw, question.value);
    const end = performance.now();
    if (answer.found !== found || (!Number.isNaN(question.found) && found !== question.found)) {
      throw new Error(`${question.what}: ${answer.found} found, by hand ${found}`);
    }
    pages = answer.pages;
    // The first one warms the caches.
    if (round === 0) continue;
    mine.push(between - start);
    theirs.push(end - between);
  }
  return {
    section: "query",
    what: `${question.what}, ${count} submodels`,
    value: median(mine),
    unit: "ms",
    baseline: { what: "SQL by hand, same thread", value: median(theirs) },
    note: `median of ${rounds}; ${pages} ${pages === 1 ? "page" : "pages"}`,
  };
}

/** All pages, as a client goes through them: read, compiled, answered. */
async function askStore(
  documents: DocumentPort,
  $condition: object,
): Promise<{ readonly found: number; readonly pages: number }> {
  let found = 0;
  let pages = 0;
  for (let after: number | undefined = 0; after !== undefined; pages++) {
    const filter = compileCondition(parseQuery({ $condition }, "submodel").condition, "submodel");
    const page = await documents.list("submodel", filter, { limit: 100, after, patience });
    found += page.items.length;
    after = page.next;
  }
  return { found, pages };
}
