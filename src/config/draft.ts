/** Where a value of the configuration came from. */
export interface Mark {
  /** `file:line:column`, `environment TWINWEAVE_HTTP_PORT` or `command line`. */
  readonly place: string;
  /** Folder that relative paths in it start from. */
  readonly base: string;
  /** Text from outside the file (environment, reference): to be coerced to the schema's type, never to be printed. */
  readonly foreign?: true;
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** `/http/port` as people write it: `http.port`. */
export function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The configuration while its layers are laid over each other: plain values, and for each where it came from. */
export class Draft {
  root: Record<string, unknown> = {};
  readonly #marks = new Map<string, Mark>();

  constructor(whole: Mark) {
    this.#marks.set("", whole);
  }

  mark(pointer: string, mark: Mark): void {
    this.#marks.set(pointer, mark);
  }

  /** The mark of a value, else that of what it stands in. */
  markOf(pointer: string): Mark {
    const mark = this.#marks.get(pointer);
    if (mark !== undefined) return mark;
    return this.markOf(pointer.slice(0, Math.max(0, pointer.lastIndexOf("/"))));
  }

  /** Lays a value of a higher layer over what is there; arrays are replaced whole. */
  set(path: readonly string[], value: unknown, mark: Mark): void {
    const last = path.at(-1);
    if (last === undefined) return;
    let section = this.root;
    for (const key of path.slice(0, -1)) {
      const next = Object.hasOwn(section, key) ? section[key] : undefined;
      if (typeof next === "object" && next !== null && !Array.isArray(next)) section = next as Record<string, unknown>;
      else {
        const made: Record<string, unknown> = {};
        section[key] = made;
        section = made;
      }
    }
    section[last] = value;
    const pointer = path.map(pointerStep).join("");
    for (const below of [...this.#marks.keys()]) if (below.startsWith(`${pointer}/`)) this.#marks.delete(below);
    this.mark(pointer, mark);
  }
}
