import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { elementsOf } from "./query-plant.ts";

/** The baseline: the same values in one table that was made for these questions, asked on the caller's own thread. */
export function openRaw(file: string, count: number): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE submodel (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, body TEXT);
    CREATE TABLE element (submodel INTEGER, name TEXT, num REAL, text TEXT);
    BEGIN`);
  const submodel = database.prepare("INSERT INTO submodel VALUES (?, ?, ?)");
  const element = database.prepare("INSERT INTO element VALUES (?, ?, ?, ?)");
  for (let index = 0; index < count; index++) {
    const iri = `urn:bench:sm:${index}`;
    submodel.run(index + 1, iri, JSON.stringify({ modelType: "Submodel", id: iri, idShort: "TechnicalData" }));
    for (const { name, value, isNumber } of elementsOf(index)) {
      element.run(index + 1, name, isNumber ? Number(value) : null, value);
    }
  }
  database.exec(`
    COMMIT;
    CREATE INDEX element_num ON element (name, num, submodel);
    CREATE INDEX element_text ON element (name, text, submodel);`);
  return database;
}

export const rawQueries = {
  id: "SELECT * FROM submodel WHERE iri = ?",
  text: "SELECT s.* FROM element e JOIN submodel s ON s.id = e.submodel WHERE e.name = 'SerialNumber' AND e.text = ?",
  range:
    "SELECT s.* FROM element e JOIN submodel s ON s.id = e.submodel WHERE e.name = 'Width' AND e.num < ? LIMIT 100",
  walk: `SELECT s.* FROM element e JOIN submodel s ON s.id = e.submodel
    WHERE e.name = 'Comment' AND instr(e.text, ?) > 0 LIMIT 100`,
} as const;

export function askRaw(database: DatabaseSync, name: keyof typeof rawQueries, value: SQLInputValue): number {
  return database.prepare(rawQueries[name]).all(value).length;
}
