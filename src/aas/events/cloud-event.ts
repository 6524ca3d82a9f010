import { isoTime } from "../../core/time.ts";
import { parentPath } from "../id-short-path.ts";
import type { EventNote } from "./event-note.ts";

/** A CloudEvents 1.0 envelope as Factory-X proposes it for asynchronous AAS messaging. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly type: `io.admin-shell.events.v1.${string}`;
  readonly source: string;
  /** idShortPath of a new element: its `source` is what it was put into. */
  readonly subject?: string;
  readonly time: string;
  readonly dataschema?: string;
  readonly semanticid?: string;
  readonly datacontenttype: "application/json";
  readonly data?: unknown;
}

/** What an event tells of, as it is read at delivery. */
export interface Subject {
  readonly modelType: string;
  readonly semanticId?: string;
  /** The element itself; absent where it is gone. */
  readonly content?: unknown;
}

const schemas = "https://api.swaggerhub.com/domains/Plattform_i40/Part1-MetaModel-Schemas/V3.1.0#/components/schemas/";

/** @param base where clients reach the tenant's AAS API, without a trailing slash */
export function cloudEvent(
  note: EventNote,
  subject: Subject | undefined,
  content: "slim" | "full",
  base: string,
): CloudEvent {
  const data = note.data ?? subject?.content;
  return {
    specversion: "1.0",
    id: note.id,
    type: `io.admin-shell.events.v1.${note.type}`,
    source: sourceUrl(note, base),
    ...(note.type === "created" && note.path !== undefined ? { subject: note.path } : {}),
    time: isoTime(note.signal?.at ?? note.at),
    ...(subject === undefined ? {} : { dataschema: `${schemas}${subject.modelType}` }),
    ...(subject?.semanticId === undefined ? {} : { semanticid: subject.semanticId }),
    datacontenttype: "application/json",
    ...(content === "slim" || data === undefined ? {} : { data }),
  };
}

/** The URL of what happened to; of a new element, the URL of what it was put into. */
export function sourceUrl({ collection, document, path, type }: EventNote, base: string): string {
  const root = `${base}/${collection === "shell" ? "shells" : "submodels"}/${Buffer.from(document).toString("base64url")}`;
  const place = path === undefined || type !== "created" ? path : parentPath(path);
  return place === undefined ? root : `${root}/submodel-elements/${encodeURIComponent(place)}`;
}
