import type { DatabaseSync } from "node:sqlite";

export class HistoryCompactor {
  constructor(_database: DatabaseSync, _hotRows: number) {}

  step(): boolean {
    return false;
  }
}
