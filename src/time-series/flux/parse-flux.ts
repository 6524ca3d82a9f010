import { type Aggregate, aggregates, type FluxQuery } from "./flux-query.ts";
import { FluxReader } from "./flux-reader.ts";
import { fluxError, type Token } from "./flux-tokens.ts";
import { readPredicate } from "./read-predicate.ts";

type Draft = { -readonly [Member in keyof FluxQuery]?: FluxQuery[Member] };

const served = `from, range, filter, aggregateWindow, ${aggregates.join(", ")}, fill, limit, yield`;
const latest = Date.parse("9999-12-31T00:00:00Z");

/**
 * Reads a query in the served part of Flux: `from |> range |> filter* |> aggregateWindow or an aggregate |> limit |>
 * yield`. Nothing of it is ever run as code.
 * @param now what relative times count from, in ms
 * @throws HubError `malformed` with line and column for everything else
 */
export function parseFlux(text: string, now: number): FluxQuery {
  const reader = new FluxReader(text);
  const draft: Draft = {};
  step(reader, draft, now, 0);
  while (reader.takes("|>")) step(reader, draft, now, 1);
  const end = reader.next();
  if (end.kind !== "end") throw fluxError(end, `"${end.text}" is not expected here`, "one pipeline of |> steps");
  const { bucket, from, to } = draft;
  if (bucket === undefined || from === undefined || to === undefined) {
    throw fluxError(end, "the query has no range", "|> range(start: -1h) after from()");
  }
  return { ...draft, bucket, from, to, filters: draft.filters ?? [], name: draft.name ?? "_result" };
}

function step(reader: FluxReader, draft: Draft, now: number, depth: 0 | 1): void {
  const name = reader.word();
  if ((name.text === "from") !== (depth === 0)) {
    throw fluxError(name, `${name.text}() stands at the wrong place`, "from(bucket: …) first, then |> steps");
  }
  reader.sign("(");
  switch (name.text) {
    case "from":
      draft.bucket = only(reader, name, { bucket: (r) => r.text() }).bucket ?? missing(name, "bucket");
      break;
    case "range":
      readRange(reader, name, draft, now);
      break;
    case "filter":
      if (draft.from === undefined) throw fluxError(name, "filter() stands before range()", "range() first");
      if (draft.aggregate !== undefined || draft.limit !== undefined) {
        throw fluxError(name, "filter() stands after an aggregation", "filters before it");
      }
      draft.filters = [...(draft.filters ?? []), readPredicate(reader, now)];
      break;
    case "aggregateWindow":
      readWindow(reader, name, draft);
      break;
    case "fill":
      only(reader, name, { usePrevious: (r) => r.oneWord("true"), column: valueColumn });
      if (draft.aggregate?.createEmpty !== true || draft.limit !== undefined) {
        throw fluxError(name, "fill() has no empty windows to fill", "aggregateWindow(…, createEmpty: true) before it");
      }
      draft.aggregate = { ...draft.aggregate, fill: true };
      break;
    case "limit": {
      const { n, offset = 0 } = only(reader, name, { n: count, offset: count });
      draft.limit = { count: n ?? missing(name, "n"), offset };
      break;
    }
    case "yield":
      draft.name = only(reader, name, { name: (r) => r.text() }).name ?? draft.name ?? "_result";
      break;
    default:
      draft.aggregate = { function: once(name, draft), createEmpty: false };
      if (reader.peek().text === "column") only(reader, name, { column: valueColumn });
  }
  reader.sign(")");
}

function once(name: Token, draft: Draft): Aggregate {
  const known = aggregates.find((one) => one === name.text);
  if (known === undefined) throw fluxError(name, `${name.text}() is not served here`, served);
  if (draft.from === undefined) throw fluxError(name, `${name.text}() stands before range()`, "range() first");
  if (draft.aggregate !== undefined) throw fluxError(name, "a second aggregation", "one of them");
  if (draft.limit !== undefined) throw fluxError(name, `${name.text}() stands after limit()`, "limit() last");
  return known;
}

function readRange(reader: FluxReader, name: Token, draft: Draft, now: number): void {
  if (draft.from !== undefined) throw fluxError(name, "a second range()", "one of them");
  const time = (r: FluxReader) => r.time(now);
  const { start, stop = now } = only(reader, name, { start: time, stop: time });
  const from = start ?? missing(name, "start");
  if (!(from < stop) || stop > latest) throw fluxError(name, "the range is empty", "a start before its stop");
  draft.from = from;
  draft.to = stop;
}

function readWindow(reader: FluxReader, name: Token, draft: Draft): void {
  const given = only(reader, name, {
    every: (r) => r.duration(),
    fn: (r) => r.word(),
    createEmpty: (r) => r.boolean(),
    column: valueColumn,
    timeSrc: (r) => r.oneOf("_stop"),
    timeDst: (r) => r.oneOf("_time"),
  });
  const every = given.every ?? missing(name, "every");
  if (!(every >= 1)) throw fluxError(name, "a window is shorter than a millisecond", "every: 1ms or more");
  draft.aggregate = {
    function: once(given.fn ?? missing(name, "fn"), draft),
    every,
    createEmpty: given.createEmpty ?? true,
  };
}

const valueColumn = (reader: FluxReader): string => reader.oneOf("_value");
const count = (reader: FluxReader): number => reader.count();

type Readers<T> = { readonly [Name in keyof T]: (reader: FluxReader) => T[Name] };

/** The named arguments of a call, up to its closing bracket. */
function only<T extends object>(reader: FluxReader, call: Token, readers: Readers<T>): Partial<T> {
  const given: Partial<T> = {};
  while (reader.peek().text !== ")") {
    const name = reader.word();
    const known = Object.keys(readers).find((one) => one === name.text) as keyof T | undefined;
    if (known === undefined) {
      throw fluxError(name, `${call.text}() takes no ${name.text} here`, Object.keys(readers).join(", "));
    }
    reader.sign(":");
    given[known] = readers[known](reader);
    if (!reader.takes(",")) break;
  }
  return given;
}

function missing(call: Token, name: string): never {
  throw fluxError(call, `${call.text}() without ${name}`, `${name}: …`);
}
