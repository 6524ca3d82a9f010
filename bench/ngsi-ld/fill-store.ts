import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { silentLogger } from "../../src/core/logger.ts";
import type { Mutation } from "../../src/core/mutation.ts";
import { systemClock } from "../../src/core/time.ts";
import { loadContextLibrary } from "../../src/ngsi-ld/context/context-library.ts";
import { TermDefiner } from "../../src/ngsi-ld/context/define-terms.ts";
import { TermTable } from "../../src/ngsi-ld/context/term-table.ts";
import { documentOf, partOf } from "../../src/ngsi-ld/entity/entity-document.ts";
import { parseEntity } from "../../src/ngsi-ld/entity/parse-entity.ts";
import type { JsonObject } from "../../src/ngsi-ld/json/json.ts";
import { CORE_CONTEXT_URL, DEFAULT_VOCAB } from "../../src/ngsi-ld/vocabulary.ts";
import { openSqliteStores } from "../../src/store/sqlite/sqlite-stores.ts";
import { entityOf } from "./bench-entities.ts";

const BATCH = 1_000;

/** Puts entities where a hub that starts on this data folder finds them: a hundred times as fast as over HTTP. */
export async function fillStore(folder: string, from: number, to: number): Promise<void> {
  const stores = await openSqliteStores({
    directory: join(folder, "data"),
    options: { budget: 64 * 1024 ** 3, retention: 86_400_000, outboxBound: 1_000 },
    clock: systemClock,
    log: silentLogger,
  });
  const library = await loadContextLibrary([fileURLToPath(new URL("../../ngsi-ld-contexts", import.meta.url))]);
  const definer = new TermDefiner();
  definer.add(library.core(CORE_CONTEXT_URL) ?? {}, true);
  const table = new TermTable(definer, DEFAULT_VOCAB);
  try {
    const store = await stores.open("default", { create: true });
    for (let first = from; first < to; first += BATCH) {
      const mutations = Array.from({ length: Math.min(BATCH, to - first) }, (_, index): Mutation => {
        const entity = parseEntity(entityOf(first + index) as JsonObject, table);
        const parts = entity.attributes.map(partOf);
        return { kind: "document.put", collection: "entity", document: documentOf(entity), parts };
      });
      const [result] = await store.commit([{ mutations }], systemClock.now());
      if (result?.ok !== true) throw new Error("a commit failed");
    }
  } finally {
    await stores.close();
  }
}
