import { at } from "../validation/report.ts";

/** Remembers where the objects and arrays of one JSON document stood, however it is changed later. */
export class JsonPlaces {
  readonly #places = new WeakMap<object, string>();

  /** @param pointer of `root` in its file */
  constructor(root: unknown, pointer: string) {
    this.#remember(root, pointer);
  }

  /** Where what a JSON pointer into `root` leads to stood, or what encloses it, with the rest of the pointer. */
  find(root: unknown, pointer: string): string {
    let place = typeof root === "object" && root !== null ? (this.#places.get(root) ?? "") : "";
    let value: unknown = root;
    const steps = pointer.split("/").slice(1);
    let done = 0;
    for (const step of steps) {
      if (typeof value !== "object" || value === null) break;
      value = (value as Record<string, unknown>)[step.replaceAll("~1", "/").replaceAll("~0", "~")];
      const known = typeof value === "object" && value !== null ? this.#places.get(value) : undefined;
      if (known === undefined) break;
      place = known;
      done++;
    }
    return [place, ...steps.slice(done)].join("/");
  }

  #remember(value: unknown, pointer: string): void {
    if (typeof value !== "object" || value === null) return;
    this.#places.set(value, pointer);
    if (Array.isArray(value)) for (const [index, item] of value.entries()) this.#remember(item, at(pointer, index));
    else for (const [key, member] of Object.entries(value)) this.#remember(member, at(pointer, key));
  }
}
