import { Problems } from "./problem.ts";

/**
 * Problems met while one mapping is repeated for its assets: the first asset's are told in full, and of those at the
 * same line in other assets only how many have them.
 */
export class AssetProblems {
  readonly #places = new Map<string, { readonly asset: string; readonly told: Problems; others: Set<string> }>();

  /** Takes what was found for one asset. */
  take(asset: string, found: Problems): void {
    for (const problem of found.all) {
      const entry = this.#places.get(problem.place);
      if (entry === undefined) {
        const told = new Problems();
        told.all.push(problem);
        this.#places.set(problem.place, { asset, told, others: new Set() });
      } else if (entry.asset === asset) entry.told.all.push(problem);
      else entry.others.add(asset);
    }
  }

  moveTo(problems: Problems): void {
    for (const { told, others } of this.#places.values()) {
      const more = others.size === 0 ? "" : ` (and so for ${others.size} more assets)`;
      for (const problem of told.all) problems.all.push({ ...problem, message: problem.message + more });
    }
  }
}
