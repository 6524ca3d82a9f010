import type { Session } from "./session.ts";

/** Keeps an outbox within its bound. It is counted only when what was added since the last count may have filled it. */
export class OutboxBound {
  readonly #bound: number;
  #counted: { readonly pending: number; readonly added: number } | undefined;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Within the commit's transaction; `added`: deliveries since the store was made. Gives how many were dropped. */
  async trim(session: Session, tenant: number, added: number): Promise<number> {
    const last = this.#counted;
    if (last?.added === added) return 0;
    if (last !== undefined && last.pending + added - last.added <= this.#bound) return 0;
    const [row] = await session.all<{ pending: number }>("SELECT count(*) AS pending FROM outbox WHERE tenant = ?", [
      tenant,
    ]);
    const pending = row?.pending ?? 0;
    const surplus = pending - this.#bound;
    const dropped =
      surplus <= 0
        ? 0
        : await session.change(
            `DELETE FROM outbox WHERE tenant = ? AND id IN
               (SELECT id FROM outbox WHERE tenant = ? ORDER BY id LIMIT ?)`,
            [tenant, tenant, surplus],
          );
    this.#counted = { pending: pending - dropped, added };
    return dropped;
  }
}
