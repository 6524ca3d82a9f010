import type { Clock } from "../../core/time.ts";
import type { DocumentPort } from "../contract.ts";
import type { ReadDesk } from "./read-desk.ts";

export function documentPort(desk: ReadDesk, clock: Clock): DocumentPort {
  return {
    get: (collection, id) => desk.near((reader) => reader.documents.get(collection, id, clock.now())),
    part: (collection, id, key) => desk.near((reader) => reader.documents.part(collection, id, key, clock.now())),
    parts: (collection, id, under) => desk.near((reader) => reader.documents.parts(collection, id, under, clock.now())),
    partTexts: (collection, id) => desk.near((reader) => reader.partTexts.texts(collection, id, clock.now())),
    partPage: (collection, id, { limit, after }) =>
      desk.near((reader) => reader.partPages.page(collection, id, limit, after, clock.now())),
    list: (collection, filter, page) => desk.far("list", { collection, filter, page, now: clock.now() }),
    partsOf: (collection, ids) => desk.far("partsOf", { collection, ids, now: clock.now() }),
    files: (collection, id) => desk.near((reader) => reader.files.files(collection, id, clock.now())),
    file: (collection, id, name) => desk.near((reader) => reader.files.file(collection, id, name, clock.now())),
    census: (collection, request) => desk.far("census", { collection, request, now: clock.now() }),
  };
}
