import type { DatabaseSync } from "node:sqlite";
import { HubError } from "../../../core/errors.ts";
import { firstSchema } from "./001-first-schema.ts";
import { files } from "./002-files.ts";
import { registries } from "./003-registries.ts";
import { partValues } from "./004-part-values.ts";
import { evolutions } from "./005-evolutions.ts";
import { entityValues } from "./006-entity-values.ts";

/** Forward only: a step that was published is never edited, and the number of steps is the schema's version. */
export const migrationSteps: readonly string[] = [firstSchema, files, registries, partValues, evolutions, entityValues];

/** Brings a file to the newest schema, each step whole or not at all. `config` for a file of a newer Twinweave. */
export function migrate(database: DatabaseSync, steps: readonly string[] = migrationSteps): void {
  const found = schemaVersion(database);
  if (found > steps.length) {
    throw new HubError(
      "config",
      `the store has schema ${found}, this Twinweave knows ${steps.length}: run the newer version that wrote it, or restore an older backup`,
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < found) continue;
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec(`${step};\nPRAGMA user_version = ${index + 1}`);
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}

export function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
}
