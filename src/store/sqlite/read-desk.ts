import { HubError } from "../../core/errors.ts";
import type { ReadArgs, ReadName, ReadResult } from "./read-calls.ts";
import { Reader } from "./reader.ts";
import { sqliteFailure } from "./sqlite-failure.ts";
import { ThreadLink } from "./thread-link.ts";

const WAITING = 1_000;
const LONGEST_MS = 30_000;

/** Where reads are asked for: look-ups are answered on the spot, what may take long goes to the reader thread. */
export class ReadDesk {
  readonly #file: string;
  readonly #reader: Reader;
  /** What the store is refused with once damage was seen. */
  readonly #broken: () => HubError | undefined;
  #link: ThreadLink | undefined;
  #damage: HubError | undefined;
  #closed = false;

  constructor(file: string, broken: () => HubError | undefined) {
    this.#file = file;
    this.#broken = broken;
    this.#reader = openReader(file);
  }

  /** A look-up of a few rows, on this thread. */
  async near<T>(read: (reader: Reader) => T): Promise<T> {
    this.#admit();
    try {
      return read(this.#reader);
    } catch (error) {
      throw this.#noted(sqliteFailure(error));
    }
  }

  async far<Name extends ReadName>(name: Name, args: ReadArgs<Name>): Promise<ReadResult<Name>> {
    this.#admit();
    if (this.#link === undefined || this.#link.ended) {
      this.#link = new ThreadLink(new URL("./reader-thread.ts", import.meta.url), { file: this.#file });
    }
    if (this.#link.waiting >= WAITING) {
      throw new HubError("overloaded", "too many reads wait; try again in a second", { retryAfter: 1 });
    }
    try {
      return (await this.#link.ask({ name, args }, [], LONGEST_MS)) as ReadResult<Name>;
    } catch (error) {
      throw this.#noted(HubError.from(error));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#link?.terminate();
    this.#reader.close();
  }

  #admit(): void {
    const broken = this.#damage ?? this.#broken();
    if (broken !== undefined) throw broken;
    if (this.#closed) throw new HubError("aborted", "the store is closed");
  }

  #noted(failure: HubError): HubError {
    if (failure.code === "store-corrupt") this.#damage = failure;
    return failure;
  }
}

function openReader(file: string): Reader {
  try {
    return new Reader(file);
  } catch (error) {
    throw sqliteFailure(error);
  }
}
