import { HubError } from "../../../core/errors.ts";
import type { Session } from "../session.ts";
import { firstSchema, walledTables } from "./001-first-schema.ts";

/** Rows of another tenant are neither seen nor written, whatever a statement forgot to say: of the tables' owner too. */
const wall = (table: string): string => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_tenant ON ${table}
    USING (tenant = nullif(current_setting('twinweave.tenant', true), '')::int);`;

/** Forward only: a step that was published is never edited, and the number of steps is the schema's version. */
export const migrationSteps: readonly string[] = [firstSchema + walledTables.map(wall).join("")];

export interface MigrationOptions {
  readonly schema: string;
  /** A role that owns nothing and is to use the tables; the one that migrates where it is the same. */
  readonly user: string;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Brings the schema to the newest version, each step whole or not at all; hubs that start at once wait for each other.
 * `config` for a database of a newer Twinweave.
 */
export async function migrate(
  session: Session,
  { schema, user }: MigrationOptions,
  steps: readonly string[] = migrationSteps,
): Promise<void> {
  const name = quoted(schema);
  for (let done = false; !done; ) {
    await session.run("BEGIN");
    try {
      await session.all("SELECT pg_advisory_xact_lock(hashtext('twinweave.migrate'), hashtext(?))", [schema]);
      done = await step(session, name, user, steps);
      await session.run("COMMIT");
    } catch (error) {
      await session.rollback();
      throw error;
    }
  }
}

/** One step; true: there was none left. */
async function step(session: Session, schema: string, user: string, steps: readonly string[]): Promise<boolean> {
  const [there] = await session.all<{ found: boolean }>("SELECT to_regclass(?) IS NOT NULL AS found", [
    `${schema}.schema_version`,
  ]);
  if (there?.found !== true) {
    await session.run(`CREATE SCHEMA IF NOT EXISTS ${schema};
      CREATE TABLE ${schema}.schema_version (version int NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  }
  const [row] = await session.all<{ version: number }>(
    `SELECT coalesce(max(version), 0) AS version FROM ${schema}.schema_version`,
  );
  const found = Number(row?.version ?? 0);
  if (found > steps.length) {
    throw new HubError(
      "config",
      `the database has schema ${found}, this Twinweave knows ${steps.length}: run the newer version that wrote it`,
    );
  }
  const text = steps[found];
  if (text === undefined) return true;
  const role = quoted(user);
  await session.run(`SET LOCAL search_path = ${schema};
    ${text};
    INSERT INTO schema_version (version) VALUES (${found + 1});
    GRANT USAGE ON SCHEMA ${schema} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
  return found + 1 === steps.length;
}
