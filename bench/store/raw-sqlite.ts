import { DatabaseSync } from "node:sqlite";

/**
 * The baseline: what a program that calls node:sqlite itself does for the same readings, one transaction a batch, on its
 * own thread: upsert the current value, append a row of history. Gives seconds.
 */
export function runRaw(file: string, series: number, batch: number, batches: number): number {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE signal (series INTEGER PRIMARY KEY, value ANY, quality INTEGER, at REAL, received_at REAL, modified_at REAL);
    CREATE TABLE history (series INTEGER, value ANY, quality INTEGER, at REAL, received_at REAL, modified_at REAL);`);
  const upsert = database.prepare(`
    INSERT INTO signal VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (series) DO UPDATE SET value = ?2, quality = ?3,
    at = ?4, received_at = ?5, modified_at = ?6`);
  const append = database.prepare("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)");
  const started = performance.now();
  let row = 0;
  for (let number = 0; number < batches; number++) {
    database.exec("BEGIN");
    for (let index = 0; index < batch; index++, row++) {
      const id = 1 + (row % series);
      upsert.run(id, row * 0.1, 0, number, number, number);
      append.run(id, row * 0.1, 0, number, number, number);
    }
    database.exec("COMMIT");
  }
  const seconds = (performance.now() - started) / 1_000;
  database.close();
  return seconds;
}
