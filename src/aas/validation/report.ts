import { HubError, type Problem } from "../../core/errors.ts";

/** More problems than anyone reads; a hostile body must not make a response larger than itself. */
export const problemBound = 100;

/** Collects everything that is wrong with one body. */
export class Report {
  readonly #problems: Problem[] = [];
  #dropped = 0;

  /**
   * @param place JSON pointer into the body
   * @param expected as a function where it takes time: a problem beyond the bound costs none
   */
  add(place: string, message: string, expected?: string | (() => string), rule?: string): void {
    if (this.#problems.length >= problemBound) {
      this.#dropped += 1;
      return;
    }
    this.#problems.push({
      place,
      message,
      ...(expected === undefined ? {} : { expected: typeof expected === "function" ? expected() : expected }),
      ...(rule === undefined ? {} : { rule }),
    });
  }

  get problems(): readonly Problem[] {
    if (this.#dropped === 0) return this.#problems;
    return [...this.#problems, { place: "", message: `and ${this.#dropped} more problems` }];
  }

  /** @throws HubError `invalid` with every problem, where there is one. */
  throwIfAny(what: string): void {
    const count = this.#problems.length + this.#dropped;
    if (count === 0) return;
    const message = `${what} breaks the metamodel in ${count} ${count === 1 ? "place" : "places"}`;
    throw new HubError("invalid", message, { problems: this.problems });
  }
}

/** A JSON pointer one step down (RFC 6901). */
export function at(pointer: string, step: string | number): string {
  return `${pointer}/${typeof step === "string" && /[~/]/.test(step) ? escaped(step) : step}`;
}

const escaped = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");

/** How a value that is wrong is named in a message. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (value === null) return "null";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `"${value.slice(0, 80).replace(/\p{C}/gu, "\uFFFD")}"` : String(value);
}
