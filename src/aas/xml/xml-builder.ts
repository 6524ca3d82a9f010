import type { Problem } from "../../core/errors.ts";
import { problemBound, shown } from "../validation/report.ts";
import { placeText, type XmlPlace, XmlPlaces } from "./xml-place.ts";
import {
  type Choice,
  type ClassName,
  choices,
  classMembers,
  type EnvironmentList,
  environmentLists,
  hasModelType,
  type IdentifiableClass,
  type MemberShape,
  tagOf,
} from "./xml-shapes.ts";

/** A shell, submodel or concept description of an XML file, as the JSON object that it means; not yet validated. */
export interface XmlIdentifiable {
  readonly type: IdentifiableClass;
  readonly value: Record<string, unknown>;
  /** What has no place in the metamodel's XML and is therefore not in `value`. */
  readonly problems: readonly Problem[];
  /** Line, column and path of what a JSON pointer into `value` leads to. */
  place(pointer: string): string;
}

/** An element that is open, and what its children and its text are to it. */
type Frame = { readonly place: XmlPlace } & (
  | { readonly kind: "environment"; readonly seen: Set<string> }
  | { readonly kind: "identifiables"; readonly list: EnvironmentList; count: number }
  | { readonly kind: "object"; readonly type: ClassName; readonly value: Record<string, unknown> }
  | { readonly kind: "list"; readonly item: string; readonly of: ClassName; readonly value: unknown[] }
  | { readonly kind: "choices"; readonly of: Choice; readonly value: unknown[] }
  | { readonly kind: "choice"; readonly of: Choice; value: unknown }
  | { readonly kind: "leaf"; readonly shape: "text" | "bytes" | "flag"; text: string }
  /** Not of the metamodel: reported, and passed over with all below it. */
  | { readonly kind: "unknown" }
);

const textKinds: ReadonlySet<Frame["kind"]> = new Set(["leaf", "unknown"]);

/** Builds the metamodel's JSON objects from the events of an XML parser, one identifiable at a time. */
export class XmlBuilder {
  readonly #stack: Frame[] = [];
  readonly #done: XmlIdentifiable[] = [];
  #problems: Problem[] = [];
  #untold = 0;
  /** Elements of the identifiable that is being built. */
  #elements = 0;
  #places = new XmlPlaces();

  get depth(): number {
    return this.#stack.length;
  }

  /** Whether an identifiable is being built. */
  get within(): boolean {
    return this.#stack.length > 2;
  }

  /** How many elements the identifiable has that is being built. */
  get elements(): number {
    return this.#elements;
  }

  /** Path of the element that is open. */
  get here(): string {
    const frame = this.#stack.at(-1);
    return frame === undefined ? "/" : placeText(frame.place).replace(/^\S+ /, "");
  }

  /** What is complete since the last call. */
  take(): readonly XmlIdentifiable[] {
    return this.#done.splice(0);
  }

  /** Problems outside identifiables, to be asked for at the end. */
  get problems(): readonly Problem[] {
    if (this.#untold === 0) return this.#problems;
    return [...this.#problems, { place: this.here, message: `and ${this.#untold} more problems` }];
  }

  open(name: string, line: number, column: number): void {
    const parent = this.#stack.at(-1);
    this.#elements++;
    this.#stack.push(parent === undefined ? root(name, line, column) : this.#child(parent, name, line, column));
  }

  /** An element or attribute that is not of the metamodel's namespace. */
  openForeign(name: string, line: number, column: number, message: string, expected: string): void {
    const parent = this.#stack.at(-1)?.place;
    this.#unknown({ line, column, name, index: 0, parent }, message, expected);
  }

  foreignAttribute(name: string, line: number, column: number): void {
    const place = `${line}:${column} ${this.here}`;
    this.#tell({ place, message: `AAS XML has no attribute ${shown(name)}`, expected: "elements alone" });
  }

  text(text: string, line: number, column: number): void {
    const frame = this.#stack.at(-1);
    if (frame?.kind === "leaf") frame.text += text;
    else if (frame !== undefined && !textKinds.has(frame.kind) && /[^ \t\r\n]/.test(text)) {
      const place = `${line}:${column} ${this.here}`;
      const message = `text ${shown(text.trim())} between elements`;
      this.#tell({ place, message, expected: "elements alone" });
    }
  }

  close(): void {
    const frame = this.#stack.pop();
    const parent = this.#stack.at(-1);
    if (frame === undefined || parent === undefined || frame.kind === "unknown") return;
    if (frame.kind === "object" && parent.kind === "identifiables") {
      const places = this.#places;
      const { value } = frame;
      places.own(value, frame.place);
      this.#done.push({
        type: environmentLists[parent.list],
        value,
        problems: this.problems,
        place: (pointer) => places.find(value, pointer),
      });
      this.#problems = [];
      this.#untold = 0;
      this.#elements = 0;
      this.#places = new XmlPlaces();
      return;
    }
    if (frame.kind === "identifiables" && frame.count === 0) {
      this.#tell({
        place: placeText(frame.place),
        message: "the list is empty",
        expected: "items, or no list",
      });
    }
    if (frame.kind === "environment" || frame.kind === "identifiables") return;
    this.#attach(parent, frame.place, frame.kind === "leaf" ? leafValue(frame.shape, frame.text) : frame.value);
  }

  #attach(parent: Frame, place: XmlPlace, value: unknown): void {
    if (typeof value === "object" && value !== null) this.#places.own(value, place);
    if (parent.kind === "object") {
      this.#places.member(parent.value, place.name, place);
      if (value !== undefined) parent.value[place.name] = value;
    } else if (parent.kind === "list" || parent.kind === "choices") parent.value.push(value);
    else if (parent.kind === "choice") {
      if (parent.value === undefined) parent.value = value;
      else this.#tell({ place: placeText(place), message: "a second item", expected: "one item" });
    }
  }

  #child(parent: Frame, name: string, line: number, column: number): Frame {
    const place = (index: number): XmlPlace => ({ line, column, name, index, parent: parent.place });
    switch (parent.kind) {
      case "environment": {
        const list = Object.hasOwn(environmentLists, name) ? (name as EnvironmentList) : undefined;
        const all = Object.keys(environmentLists);
        if (list === undefined) return this.#foreign(place(0), "environment", all);
        if (parent.seen.has(name)) return this.#twice(place(0));
        parent.seen.add(name);
        return { kind: "identifiables", place: place(0), list, count: 0 };
      }
      case "identifiables": {
        const type = environmentLists[parent.list];
        if (name !== tagOf(type)) return this.#foreign(place(0), parent.list, [tagOf(type)]);
        parent.count++;
        return objectFrame(type, place(parent.count));
      }
      case "object": {
        const members = classMembers[parent.type];
        const shape = Object.hasOwn(members, name) ? members[name] : undefined;
        if (shape === undefined) return this.#foreign(place(0), parent.type, Object.keys(members));
        if (Object.hasOwn(parent.value, name)) return this.#twice(place(0));
        return memberFrame(shape, place(0));
      }
      case "list":
        if (name !== parent.item) return this.#foreign(place(0), parent.place.name, [parent.item]);
        return objectFrame(parent.of, place(parent.value.length + 1));
      case "choices":
      case "choice": {
        const type = choices[parent.of].get(name);
        if (type === undefined) return this.#foreign(place(0), parent.place.name, [...choices[parent.of].keys()]);
        return objectFrame(type, place(parent.kind === "choices" ? parent.value.length + 1 : 0));
      }
      case "leaf":
        return this.#foreign(place(0), parent.place.name, ["text"]);
      case "unknown":
        return { kind: "unknown", place: place(0) };
    }
  }

  #tell(problem: Problem): void {
    if (this.#problems.length < problemBound) this.#problems.push(problem);
    else this.#untold++;
  }

  #foreign(place: XmlPlace, owner: string, known: readonly string[]): Frame {
    const frame = { kind: "unknown", place } as const;
    const expected = known.length === 1 ? `${known[0]}` : `one of ${known.join(", ")}`;
    this.#tell({ place: placeText(place), message: `${owner} has no element ${shown(place.name)}`, expected });
    return frame;
  }

  #twice(place: XmlPlace): Frame {
    this.#tell({ place: placeText(place), message: `a second element ${place.name}`, expected: "one of it" });
    return { kind: "unknown", place };
  }

  #unknown(place: XmlPlace, message: string, expected: string): void {
    this.#stack.push({ kind: "unknown", place });
    this.#tell({ place: placeText(place), message, expected });
  }
}

function root(name: string, line: number, column: number): Frame {
  return { kind: "environment", place: { line, column, name, index: 0, parent: undefined }, seen: new Set() };
}

function objectFrame(type: ClassName, place: XmlPlace): Frame {
  return { kind: "object", type, place, value: hasModelType(type) ? { modelType: type } : {} };
}

function memberFrame(shape: MemberShape, place: XmlPlace): Frame {
  switch (shape.kind) {
    case "object":
      return objectFrame(shape.of, place);
    case "list":
      return { ...shape, place, value: [] };
    case "choices":
      return { ...shape, place, value: [] };
    case "choice":
      return { ...shape, place, value: undefined };
    default:
      return { kind: "leaf", shape: shape.kind, place, text: "" };
  }
}

/** What is no boolean stays the text that it is: the validator says so with its place. */
function leafValue(shape: "text" | "bytes" | "flag", text: string): unknown {
  if (shape === "text") return text;
  if (shape === "bytes") return text.replace(/[ \t\r\n]+/g, "");
  const word = text.trim();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : text;
}
