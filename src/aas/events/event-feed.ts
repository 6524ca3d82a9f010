import { randomUUID } from "node:crypto";
import type { Change, SignalChange } from "../../core/change.ts";
import type { Mutation } from "../../core/mutation.ts";
import type { NewDelivery } from "../../store/contract.ts";
import type { Matcher, PendingChange } from "../../twin/contract.ts";
import { type EventSource, type EventSources, observedBy } from "./basic-event-index.ts";
import { EVENT_KIND, type EventNote, notedSignal } from "./event-note.ts";
import { type EventTarget, type EventType, laneOf } from "./event-target.ts";
import { ValuePace } from "./value-pace.ts";

/** What happened to one element, submodel or shell: an event of it differs by target alone. */
export type Happening = Pick<EventNote, "type" | "collection" | "document" | "path" | "modelType" | "data"> & {
  readonly at: number;
};

export interface EventFeedParts {
  readonly tenant: string;
  readonly targets: readonly EventTarget[];
  /** The BasicEventElements that observe something; asked for targets of the form `event-payload` alone. */
  readonly sources: EventSources;
}

/** What AAS changes owe to event targets. Matched before each commit, so that what is owed is part of it. */
export interface EventFeed extends Matcher {
  /** Events of what no commit tells: an operation that was invoked. */
  of(happening: Happening): readonly NewDelivery[];
  /** Events of BasicEventElements whose `maxInterval` is over without any. */
  overdue(sources: Iterable<EventSource>, now: number): readonly NewDelivery[];
  /** Told after each commit. */
  committed(change: Change): void;
  /** A waiting event of a linked element is being made. @see ValuePace */
  closing(note: EventNote): Promise<void>;
}

/** Milliseconds that a waiting event waits for a commit whose change it tells. */
const patience = 5_000;

export function createEventFeed({ tenant, targets, sources }: EventFeedParts): EventFeed {
  const lanes = targets
    .filter((target) => target.tenants?.includes(tenant) ?? true)
    .map((target) => ({ target, pace: new ValuePace(), concerns: documentTest(target.documents) }));

  /** When a BasicEventElement last had an event. */
  const lastSent = new WeakMap<EventSource, number>();

  function owed(happening: Happening, paced?: { readonly signal: SignalChange; readonly commit: object }) {
    const deliveries: NewDelivery[] = [];
    for (const { target, pace, concerns } of lanes) {
      if (!target.types.includes(happening.type) || !concerns(happening.document)) continue;
      const of = target.form === "cloud-events" ? [undefined] : sources.observing(happening);
      for (const source of of) {
        const note: Omit<EventNote, "id"> = {
          target: target.name,
          ...happening,
          ...(source === undefined ? {} : { source: { submodel: source.submodel, path: source.path } }),
        };
        if (source !== undefined) lastSent.set(source, happening.at);
        if (paced === undefined) {
          deliveries.push(delivery({ id: randomUUID(), ...note }));
          continue;
        }
        const interval = Math.max(target.minInterval, source?.minInterval ?? 0);
        const when = pace.admit(paceKey(note), interval, happening.at, paced.commit);
        if (when === "told") continue;
        const signal = notedSignal(paced.signal.after);
        if (when === "now") deliveries.push(delivery({ id: randomUUID(), ...note, signal }));
        else {
          const later = delivery({ id: randomUUID(), ...note, paced: true });
          deliveries.push({ ...later, notBefore: when });
        }
      }
    }
    return deliveries;
  }

  return {
    of: (happening) => owed(happening),
    overdue(all, now) {
      const deliveries: NewDelivery[] = [];
      for (const source of all) {
        const { submodel, path, maxInterval, element } = source;
        const scope = observedBy(element.observed);
        if (maxInterval === undefined || scope === undefined) continue;
        const last = lastSent.get(source);
        if (last === undefined || now - last < maxInterval) {
          // Counted from when the hub first sees it.
          if (last === undefined) lastSent.set(source, now);
          continue;
        }
        lastSent.set(source, now);
        const { document, path: at, isShell } = scope;
        const what = {
          document,
          collection: isShell ? "shell" : "submodel",
          ...(at === undefined ? {} : { path: at }),
        } as const;
        for (const { target, concerns } of lanes) {
          if (target.form !== "event-payload" || !concerns(document)) continue;
          const note = { type: "valueChanged", at: now, target: target.name, source: { submodel, path } } as const;
          deliveries.push(delivery({ id: randomUUID(), ...what, ...note }));
        }
      }
      return deliveries;
    },
    match({ at, mutations, signals }: PendingChange) {
      if (lanes.length === 0) return [];
      const deliveries: NewDelivery[] = [];
      for (const signal of signals) {
        const end = changedElement(signal);
        if (end === undefined) continue;
        const happening: Happening = { type: "valueChanged", collection: "submodel", ...end, at };
        deliveries.push(...owed(happening, { signal, commit: signals }));
      }
      for (const mutation of mutations) {
        const what = happeningOf(mutation);
        if (what !== undefined) deliveries.push(...owed({ ...what, at }));
      }
      return deliveries;
    },
    committed({ signals }) {
      if (lanes.length === 0) return;
      for (const signal of signals) {
        const end = changedElement(signal);
        if (end === undefined) continue;
        for (const { target, pace } of lanes) {
          if (target.form === "cloud-events") pace.committed(paceKey(end), signals);
          else for (const source of sources.observing(end)) pace.committed(paceKey({ ...end, source }), signals);
        }
      }
    },
    async closing(note) {
      const lane = lanes.find(({ target }) => target.name === note.target);
      await lane?.pace.close(paceKey(note), patience);
    },
  };
}

function delivery(note: EventNote): NewDelivery {
  const target = laneOf(note.target, note.document, note.paced === true);
  return { target, kind: EVENT_KIND, body: JSON.stringify(note) };
}

function paceKey({ document, path, source }: Pick<EventNote, "document" | "path" | "source">): string {
  const observer = source === undefined ? "" : `\n${source.submodel}\n${source.path}`;
  return `${document}\n${path ?? ""}${observer}`;
}

/** The linked element whose value or quality is another; a heartbeat that moves the time alone is no event. */
function changedElement({ link, before, after }: SignalChange): { document: string; path: string } | undefined {
  const end = link.ends.find(({ collection }) => collection === "submodel");
  if (end === undefined) return undefined;
  if (before !== undefined && Object.is(before.value, after.value) && before.quality === after.quality)
    return undefined;
  return { document: end.document, path: end.part };
}

function happeningOf(mutation: Mutation): Omit<Happening, "at"> | undefined {
  const { collection } = mutation;
  if (collection !== "shell" && collection !== "submodel") return undefined;
  switch (mutation.kind) {
    case "document.put":
      return { type: mutation.was === undefined ? "created" : "updated", collection, document: mutation.document.id };
    case "document.patch":
      return { type: "updated", collection, document: mutation.id };
    case "document.delete":
      return { type: "deleted", collection, document: mutation.id };
    case "part.put": {
      const type = partEvents[mutation.how ?? "updated"];
      return type === undefined ? undefined : { type, collection, document: mutation.id, path: mutation.part.key };
    }
    case "part.delete": {
      if (mutation.how === "within") return undefined;
      const modelType = mutation.was === undefined ? {} : { modelType: mutation.was.kind };
      return { type: "deleted", collection, document: mutation.id, path: mutation.key, ...modelType };
    }
    default:
      // A file comes and goes with the element that names it, which is told.
      return undefined;
  }
}

const partEvents: Readonly<Record<NonNullable<(Mutation & { kind: "part.put" })["how"]>, EventType | undefined>> = {
  created: "created",
  updated: "updated",
  value: "valueChanged",
  within: undefined,
};

function documentTest(patterns: readonly string[] | undefined): (document: string) => boolean {
  if (patterns === undefined) return () => true;
  const tests = patterns.map((pattern) => pattern.split("*").map((text) => RegExp.escape(text)));
  const whole = new RegExp(`^(?:${tests.map((texts) => texts.join(".*")).join("|")})$`, "s");
  return (document) => whole.test(document);
}
