import type { RecordKind, RecordPort } from "../contract.ts";
import { checkText } from "../form/text-check.ts";
import { checkBody } from "../form/unit-check.ts";
import type { ReadDesk } from "./read-desk.ts";
import type { WriteQueue } from "./write-queue.ts";

export function recordPort(desk: ReadDesk, queue: WriteQueue, kind: RecordKind): RecordPort {
  return {
    get: (id) => desk.near((reader) => reader.records.get(kind, id)),
    list: (page) => desk.far("records", { kind, page }),
    async put(id, body, at, must) {
      checkText(id, "id");
      checkBody(body);
      await queue.call("putRecord", { kind, id, body, at, must });
    },
    delete: (id) => queue.call("deleteRecord", { kind, id }),
  };
}
