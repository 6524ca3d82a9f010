import { fluxError, fluxTokens, type Token } from "./flux-tokens.ts";

/** Milliseconds; a month and a year are not always as long and therefore not served. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Takes the tokens of a query one by one. Each method refuses, with its place, what is not what it reads. */
export class FluxReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = fluxTokens(text);
  }

  peek(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "", line: 1, column: 1 };
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** Takes a sign or a word where it is the next one. */
  takes(text: string): boolean {
    const { kind, text: found } = this.peek();
    if ((kind !== "sign" && kind !== "word") || found !== text) return false;
    this.#at++;
    return true;
  }

  sign(text: string): void {
    if (!this.takes(text)) throw this.#not(`"${text}"`);
  }

  word(): Token {
    if (this.peek().kind !== "word") throw this.#not("a name");
    return this.next();
  }

  text(): string {
    if (this.peek().kind !== "string") throw this.#not("a text in double quotes");
    return this.next().text;
  }

  oneOf(wanted: string): string {
    const token = this.peek();
    if (this.text() !== wanted) throw fluxError(token, `"${token.text}" is not served here`, `"${wanted}"`);
    return wanted;
  }

  oneWord(wanted: string): string {
    const token = this.word();
    if (token.text !== wanted) throw fluxError(token, `${token.text} is not served here`, wanted);
    return wanted;
  }

  count(): number {
    const token = this.next();
    if (token.kind === "number" && Number.isSafeInteger(Number(token.text))) return Number(token.text);
    throw fluxError(token, `"${token.text}" is no count`, "a whole number");
  }

  boolean(): boolean {
    const token = this.next();
    if (token.kind === "word" && (token.text === "true" || token.text === "false")) return token.text === "true";
    throw fluxError(token, `"${token.text}" is neither true nor false`);
  }

  /** Milliseconds. */
  duration(): number {
    const sign = this.takes("-") ? -1 : 1;
    const token = this.next();
    if (token.kind !== "duration") throw this.#variable(token, "a duration such as 10s");
    let sum = 0;
    for (const [, amount, unit] of token.text.matchAll(/(\d+)([a-zµ]+)/g)) {
      const factor = units[unit ?? ""];
      if (factor === undefined) throw fluxError(token, `${unit} is not served in a duration`, "w, d, h, m, s, ms");
      sum += Number(amount) * factor;
    }
    return sign * sum;
  }

  /** Milliseconds since the epoch: a time, seconds since the epoch, a duration before now, or now(). */
  time(now: number): number {
    const token = this.peek();
    if (token.kind === "time") return Math.ceil(Date.parse(this.next().text));
    if (token.kind === "number") return this.count() * 1_000;
    if (this.takes("now")) {
      this.sign("(");
      this.sign(")");
      return now;
    }
    if (token.kind === "duration" || token.text === "-") return now + this.duration();
    throw this.#variable(token, "a time such as -1h or 2026-11-22T00:00:00Z");
  }

  #variable(token: Token, expected: string): Error {
    if (token.text !== "v") return fluxError(token, `"${token.text}" is not understood`, expected);
    return fluxError(token, "the variable v.… has no value here: who sends the query fills it in", expected);
  }

  #not(expected: string): Error {
    const token = this.peek();
    return fluxError(
      token,
      token.kind === "end" ? "the query ends too early" : `"${token.text}" is not expected here`,
      expected,
    );
  }
}
