/** Where an XML element begins; its path is put together only when somebody asks. */
export interface XmlPlace {
  readonly line: number;
  readonly column: number;
  readonly name: string;
  /** Its position among the items around it, the first is 1; 0: it is no item. */
  readonly index: number;
  readonly parent: XmlPlace | undefined;
}

/** Line, column and path of an element: `12:5 /environment/submodels/submodel[2]/idShort`. */
export function placeText(place: XmlPlace): string {
  return `${place.line}:${place.column} ${pathOf(place)}`;
}

function pathOf(place: XmlPlace): string {
  const steps: string[] = [];
  for (let at: XmlPlace | undefined = place; at !== undefined; at = at.parent) {
    steps.unshift(at.index === 0 ? at.name : `${at.name}[${at.index}]`);
  }
  return `/${steps.join("/")}`;
}

/** Remembers where the objects, arrays and members of one document stand in XML. */
export class XmlPlaces {
  readonly #own = new WeakMap<object, XmlPlace>();
  readonly #members = new WeakMap<object, Map<string, XmlPlace>>();

  own(value: object, place: XmlPlace): void {
    this.#own.set(value, place);
  }

  member(owner: object, name: string, place: XmlPlace): void {
    const members = this.#members.get(owner);
    if (members === undefined) this.#members.set(owner, new Map([[name, place]]));
    else members.set(name, place);
  }

  /** The place of what a JSON pointer into `root` leads to, or of what encloses it; `rest` leads on from there. */
  find(root: object, pointer: string): string {
    let place = this.#own.get(root);
    let value: unknown = root;
    const steps = pointer.split("/").slice(1);
    let done = 0;
    for (const step of steps) {
      if (typeof value !== "object" || value === null) break;
      const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
      const next: unknown = (value as Record<string, unknown>)[name];
      const found = typeof next === "object" && next !== null ? this.#own.get(next) : undefined;
      const here = found ?? this.#members.get(value)?.get(name);
      if (here === undefined) break;
      place = here;
      value = next;
      done++;
    }
    const rest = steps.slice(done).join("/");
    const text = place === undefined ? "" : placeText(place);
    return rest === "" ? text : `${text}/${rest}`;
  }
}
