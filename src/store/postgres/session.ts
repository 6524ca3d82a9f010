import type { ClientBase, QueryArrayResult, QueryResult } from "pg";
import { arrayOf, type Parameter } from "./parameters.ts";
import { postgresFailure } from "./postgres-failure.ts";

/** Texts of statements kept prepared; all others are parsed each time. */
const KEPT = 400;

/** Statements by their text, with the names under which connections keep them prepared. */
export class StatementNames {
  readonly #known = new Map<string, { readonly name?: string; readonly text: string }>();

  of(text: string): { readonly name?: string; readonly text: string } {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const numbered = numberedText(text);
    if (this.#known.size >= KEPT) return { text: numbered };
    const made = { name: `s${this.#known.size}`, text: numbered };
    this.#known.set(text, made);
    return made;
  }
}

/** `?` becomes `$1`, `$2`, …: no operator with that sign is used. */
function numberedText(text: string): string {
  let number = 0;
  return text.replaceAll("?", () => `$${++number}`);
}

/** One connection in somebody's hands. What goes wrong comes as a HubError. */
export class Session {
  readonly client: ClientBase;
  readonly #names: StatementNames | undefined;
  #isLost = false;

  constructor(client: ClientBase, names?: StatementNames) {
    this.client = client;
    this.#names = names;
  }

  /** The connection is not to be used again. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Rows of a statement whose parameters stand as `?`. */
  async all<Row>(text: string, parameters: readonly Parameter[] = []): Promise<readonly Row[]> {
    return (await this.#query(text, parameters, false)).rows as readonly Row[];
  }

  /** Rows as arrays of columns. */
  async columns(text: string, parameters: readonly Parameter[] = []): Promise<readonly (readonly unknown[])[]> {
    return (await this.#query(text, parameters, true)).rows as readonly (readonly unknown[])[];
  }

  /** The number of rows that were changed. */
  async change(text: string, parameters: readonly Parameter[] = []): Promise<number> {
    return (await this.#query(text, parameters, false)).rowCount ?? 0;
  }

  /** Statements without parameters, several at once where they are parted by `;`. */
  async run(text: string): Promise<void> {
    try {
      await this.client.query(text);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  /** Takes a transaction back; a connection that cannot is lost. */
  async rollback(): Promise<void> {
    try {
      await this.client.query("ROLLBACK");
    } catch {
      this.#isLost = true;
    }
  }

  async #query(
    text: string,
    parameters: readonly Parameter[],
    isArray: boolean,
  ): Promise<QueryResult | QueryArrayResult> {
    const statement = this.#names?.of(text) ?? { text: numberedText(text) };
    const values = parameters.map((one) => (Array.isArray(one) ? arrayOf(one) : one));
    try {
      const query = { ...statement, values };
      return isArray
        ? await this.client.query({ ...query, rowMode: "array" as const })
        : await this.client.query(query);
    } catch (error) {
      throw this.#noted(error);
    }
  }

  #noted(thrown: unknown): Error {
    const { error, isLost } = postgresFailure(thrown);
    if (isLost) this.#isLost = true;
    return error;
  }
}
