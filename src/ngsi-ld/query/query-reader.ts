import { HubError } from "../../core/errors.ts";

const NAME = /\p{L}[\p{L}\p{N}_]*/uy;
const HOP = /\p{L}[\p{L}\p{N}_]*\{/uy;
const TYPES = /\p{L}[\p{L}\p{N}_]*(?:,\p{L}[\p{L}\p{N}_]*)*:/uy;
/** Members of a value: what ECMAScript has behind a dot, or a language tag (`pt-BR`). */
const MEMBERS = /[\p{L}_$@][\p{L}\p{N}_$-]*(?:\.[\p{L}\p{N}_$@-]+)*/uy;
const STRING = /"(?:[^"\\]|\\.)*"/y;
/** A bare literal ends where the query goes on. */
const BARE = /[^;|(),"]+?(?=\.\.|[;|(),"]|$)/y;

/** Walks through the text of a query (CIM 009 4.9). Throws HubError `invalid` naming the place where it went wrong. */
export class QueryReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Takes what comes next if it is this. */
  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  next(token: string): boolean {
    return this.#text.startsWith(token, this.#at);
  }

  need(token: string): void {
    if (!this.take(token)) this.refuse(`"${token}" is expected`);
  }

  name(): string {
    return this.#match(NAME) ?? this.refuse("an attribute's name is expected");
  }

  /** The Relationship of a `name{` that leads to a linked entity, if that comes next. */
  hop(): string | undefined {
    return this.#match(HOP)?.slice(0, -1);
  }

  /** The types of a `Type,Type:` behind a `{`. */
  typeHint(): readonly string[] {
    return this.#match(TYPES)?.slice(0, -1).split(",") ?? [];
  }

  /** What stands in brackets, by its dots. */
  members(): readonly string[] {
    return this.#match(MEMBERS)?.split(".") ?? this.refuse("a member's name or a language is expected");
  }

  /** A quoted text without its quotes. */
  string(): string | undefined {
    const quoted = this.#match(STRING);
    if (quoted === undefined) return undefined;
    try {
      return JSON.parse(quoted) as string;
    } catch (cause) {
      throw new HubError("invalid", `${quoted} in the query is not a JSON string (CIM 009 4.9)`, { cause });
    }
  }

  bare(): string | undefined {
    return this.#match(BARE);
  }

  /** A pattern in quotes, whose backslashes are its own, or up to where its query term ends. */
  pattern(): string {
    const quoted = this.#match(STRING);
    if (quoted !== undefined) return quoted.slice(1, -1).replaceAll('\\"', '"');
    const from = this.#at;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at] ?? "";
      if (character === "\\") this.#at += 1;
      else if ("([{".includes(character)) depth += 1;
      else if (depth > 0 && ")]}".includes(character)) depth -= 1;
      else if (depth === 0 && ";|)".includes(character)) break;
    }
    const found = this.#text.slice(from, this.#at);
    return found === "" ? this.refuse("a regular expression is expected") : found;
  }

  refuse(message: string): never {
    throw new HubError("invalid", `${message} at character ${this.#at + 1} of the query "${this.#text}" (CIM 009 4.9)`);
  }

  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
