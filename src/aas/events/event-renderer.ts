import { HubError } from "../../core/errors.ts";
import type { Delivery, DocumentPort } from "../../store/contract.ts";
import type { Overlay } from "../../twin/contract.ts";
import type { Property, Reference, SubmodelElement } from "../metamodel/types.ts";
import { overlaid } from "../overlay/overlay.ts";
import type { AasServices } from "../services/aas-services.ts";
import { defaultModifiers } from "../value-only/modifiers.ts";
import { type EventSource, observedBy } from "./basic-event-index.ts";
import { cloudEvent, type Subject, sourceUrl } from "./cloud-event.ts";
import type { EventFeed } from "./event-feed.ts";
import { type EventNote, notedSignal, parseNote, signalOf } from "./event-note.ts";
import { eventPayload } from "./event-payload.ts";
import type { EventTarget } from "./event-target.ts";

/** One message on its way, in the form of the delivery worker. */
export interface EventMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly mqtt?: EventTarget["mqtt"];
}

export interface EventRendererParts {
  readonly tenant: string;
  readonly targets: readonly EventTarget[];
  readonly feed: EventFeed;
  readonly find: (submodel: string, path: string) => EventSource | undefined;
  readonly documents: DocumentPort;
  readonly services: Pick<AasServices, "reader" | "shells">;
  readonly twin: Pick<Overlay, "leaf">;
  /** Where clients reach the tenant's AAS API, without a trailing slash. */
  readonly base: () => string;
}

const structured = "application/cloudevents+json; charset=utf-8";

/** Makes the events that the outbox owes, at the moment of delivery. */
export function createEventRenderer(parts: EventRendererParts) {
  const { targets, feed, base, tenant } = parts;
  const byName = new Map(targets.map((target) => [target.name, target]));

  return {
    /** Undefined: the target is gone. What was deleted meanwhile is told without its content. */
    async render(delivery: Delivery): Promise<EventMessage | undefined> {
      const waiting = parseNote(delivery.body);
      const target = byName.get(waiting.target);
      if (target === undefined) return undefined;
      const note = waiting.paced === true ? await newest(waiting) : waiting;
      const subject = await subjectOf(note, parts);
      if (target.form === "cloud-events") {
        const event = cloudEvent(note, subject, target.content, base());
        return message(target, note, JSON.stringify(event), structured, topicOf(target, note, tenant));
      }
      return await payloadMessage(note, target, subject);
    },
  };

  /** An event that ends an interval tells the state of now. */
  async function newest(note: EventNote): Promise<EventNote> {
    await feed.closing(note);
    const signal = parts.twin.leaf("submodel", note.document, note.path ?? "")?.signal;
    return signal === undefined ? note : { ...note, signal: notedSignal(signal) };
  }

  async function payloadMessage(
    note: EventNote,
    target: EventTarget,
    subject: Subject | undefined,
  ): Promise<EventMessage | undefined> {
    const source = note.source === undefined ? undefined : parts.find(note.source.submodel, note.source.path);
    if (source === undefined) return undefined;
    const payload = eventPayload({
      note,
      source,
      chain: await parts.services.reader.chain(source.submodel, source.path),
      observableSemanticId: await semanticIdOf(source.element.observed, parts.documents),
      changed: { url: sourceUrl(note, base()), content: subject?.content },
      content: target.content,
    });
    const topic = [topicOf(target, note, tenant), source.element.messageTopic].filter(Boolean).join("/");
    return message(target, note, JSON.stringify(payload), "application/json", topic);
  }
}

function message(target: EventTarget, note: EventNote, body: string, type: string, topic: string): EventMessage {
  const headers = { ...target.headers, "content-type": type };
  if (!target.url.startsWith("mqtt")) return { url: target.url, headers, body };
  if (topic === "") throw new HubError("config", `the event ${note.id} has no topic to go to`);
  const path = topic.split("/").map(encodeURIComponent).join("/");
  return { url: `${target.url.replace(/\/+$/, "")}/${path}`, headers, body, mqtt: target.mqtt };
}

/** Fills in what the topic's pattern names; characters that mean something in topics cannot come in by it. */
function topicOf({ topic }: EventTarget, { type, document, path = "" }: EventNote, tenant: string): string {
  const values: Readonly<Record<string, string>> = {
    type,
    tenant,
    submodel: Buffer.from(document).toString("base64url"),
    path,
  };
  return topic.replace(/\{(type|tenant|submodel|path)\}/g, (_all, name: string) => values[name] ?? "");
}

/** Read as it is now, a noted signal laid over; undefined where it is gone. */
async function subjectOf(note: EventNote, { services }: EventRendererParts): Promise<Subject | undefined> {
  const { collection, document, path, modelType } = note;
  if (note.type === "deleted") {
    const kind = modelType ?? (path === undefined ? identifiableType(collection) : undefined);
    return kind === undefined ? undefined : { modelType: kind };
  }
  try {
    if (path !== undefined) return elementSubject(await services.reader.element(document, path), note);
    if (collection === "shell")
      return { modelType: "AssetAdministrationShell", content: (await services.shells.get(document)).value };
    const view = await services.reader.view(document);
    const content: unknown = JSON.parse(services.reader.text(view, "normal", defaultModifiers).text);
    return { modelType: "Submodel", ...semantics(view.stored.semanticId), content };
  } catch (thrown) {
    if (thrown instanceof HubError && thrown.code === "not-found") return undefined;
    throw thrown;
  }
}

const identifiableType = (collection: EventNote["collection"]): string =>
  collection === "shell" ? "AssetAdministrationShell" : "Submodel";

function elementSubject(
  { stored, live }: { readonly stored: SubmodelElement; readonly live: SubmodelElement },
  { signal }: EventNote,
): Subject {
  const noted = signal !== undefined && stored.modelType === "Property";
  const content = noted ? overlaid(stored as Property, signalOf(signal)) : live;
  return { modelType: stored.modelType, ...semantics(stored.semanticId), content };
}

function semantics(semanticId: Reference | undefined): Pick<Subject, "semanticId"> {
  const root = semanticId?.keys[0]?.value;
  return root === undefined ? {} : { semanticId: root };
}

async function semanticIdOf(observed: Reference, documents: DocumentPort): Promise<Reference | undefined> {
  const what = observedBy(observed);
  if (what === undefined || what.isShell) return undefined;
  const row =
    what.path === undefined
      ? await documents.get("submodel", what.document)
      : await documents.part("submodel", what.document, what.path);
  return row === undefined ? undefined : (JSON.parse(row.body) as { semanticId?: Reference }).semanticId;
}
