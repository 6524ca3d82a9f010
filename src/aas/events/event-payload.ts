import { isoTime } from "../../core/time.ts";
import { parseIdShortPath } from "../id-short-path.ts";
import { elementReference } from "../metamodel/reference.ts";
import type { BasicEventElement, Reference, SubmodelElement } from "../metamodel/types.ts";
import type { EventNote } from "./event-note.ts";

/** The metamodel's EventPayload (IDTA-01001 v3.1, experimental), sent by a BasicEventElement. */
export interface EventPayload {
  readonly source: Reference;
  readonly sourceSemanticId?: Reference;
  readonly observableReference: Reference;
  readonly observableSemanticId?: Reference;
  readonly topic?: string;
  readonly timestamp: string;
  /** Base64 of JSON: `{type, element}`, the element that changed with its reference; slim events have none. */
  readonly payload?: string;
}

export interface PayloadParts {
  readonly note: EventNote;
  readonly source: { readonly submodel: string; readonly path: string; readonly element: BasicEventElement };
  /** Types of the elements down to the source, for its reference. */
  readonly chain: readonly SubmodelElement["modelType"][];
  readonly observableSemanticId: Reference | undefined;
  /** What changed: its URL and, where the event is full, its content. */
  readonly changed: { readonly url: string; readonly content?: unknown };
  readonly content: "slim" | "full";
}

export function eventPayload({
  note,
  source,
  chain,
  observableSemanticId,
  changed,
  content,
}: PayloadParts): EventPayload {
  const { submodel, path, element } = source;
  const body = { type: note.type, source: changed.url, data: changed.content };
  return {
    source: elementReference(submodel, parseIdShortPath(path), chain),
    ...(element.semanticId === undefined ? {} : { sourceSemanticId: element.semanticId }),
    observableReference: element.observed,
    ...(observableSemanticId === undefined ? {} : { observableSemanticId }),
    ...(element.messageTopic === undefined ? {} : { topic: element.messageTopic }),
    timestamp: isoTime(note.signal?.at ?? note.at),
    ...(content === "slim" ? {} : { payload: Buffer.from(JSON.stringify(body)).toString("base64") }),
  };
}
