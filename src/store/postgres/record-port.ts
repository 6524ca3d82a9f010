import { HubError } from "../../core/errors.ts";
import type { RecordKind, RecordPort, RecordRow } from "../contract.ts";
import { pageLimit, pageOf } from "../form/page.ts";
import { checkText } from "../form/text-check.ts";
import { checkBody } from "../form/unit-check.ts";
import type { TenantDatabase } from "./tenant-database.ts";

const columns = `id, body, created_at AS "createdAt", modified_at AS "modifiedAt", ordinal`;

export function recordPort(database: TenantDatabase, kind: RecordKind): RecordPort {
  const { tenant } = database;
  return {
    async get(id) {
      const text = `SELECT ${columns} FROM record WHERE tenant = ? AND kind = ? AND id = ?`;
      return (await database.all<RecordRow>(text, [tenant, kind, id]))[0];
    },
    async list(page) {
      const limit = pageLimit(page);
      const rows = await database.all<RecordRow>(
        `SELECT ${columns} FROM record WHERE tenant = ? AND kind = ? AND ordinal > ? ORDER BY ordinal LIMIT ? OFFSET ?`,
        [tenant, kind, page.after ?? 0, limit + 1, page.offset ?? 0],
      );
      if (page.count !== true) return pageOf(rows, limit);
      const text = "SELECT count(*) AS total FROM record WHERE tenant = ? AND kind = ?";
      const [counted] = await database.all<{ total: number }>(text, [tenant, kind]);
      return pageOf(rows, limit, counted?.total ?? 0);
    },
    async put(id, body, at, must) {
      checkText(id, "id");
      checkBody(body);
      await database.write(async (session) => {
        // The row is locked until the end, so that what is asked of it still holds.
        const [counter] = await session.all<{ record: number }>(
          "UPDATE counter SET record = record + 1 WHERE tenant = ? RETURNING record",
          [tenant],
        );
        const changed = await session.change(
          "UPDATE record SET body = ?, modified_at = ? WHERE tenant = ? AND kind = ? AND id = ?",
          [body, at, tenant, kind, id],
        );
        if (changed > 0 && must === "be-absent") throw new HubError("already-exists", `${kind} ${id} already exists`);
        if (changed > 0) return;
        if (must === "exist") throw new HubError("not-found", `${kind} ${id} does not exist`);
        await session.change(
          "INSERT INTO record (tenant, kind, id, ordinal, body, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
          [tenant, kind, id, counter?.record ?? 0, body, at, at],
        );
      });
    },
    delete: (id) =>
      database.write(async (session) => {
        const text = "DELETE FROM record WHERE tenant = ? AND kind = ? AND id = ?";
        return (await session.change(text, [tenant, kind, id])) > 0;
      }),
  };
}
