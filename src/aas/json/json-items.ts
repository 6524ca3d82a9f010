import { HubError } from "../../core/errors.ts";

/** One document of an Environment in JSON: where it stands, and its text. */
export interface JsonItemText {
  readonly list: string;
  readonly index: number;
  readonly text: string;
}

/** All that stands around the documents: lists, commas, white space. */
const skeletonBound = 16 * 2 ** 20;
/** Values of one document. */
const valueBound = 2_000_000;
const codes = {
  comma: 0x2c,
  quote: 0x22,
  backslash: 0x5c,
  open: 0x7b,
  close: 0x7d,
  openList: 0x5b,
  closeList: 0x5d,
} as const;

/**
 * Cuts the documents out of an Environment's JSON text as it arrives, so that it is never held whole. What is left over
 * is the skeleton: the same text with `{}` in the place of each document, to be judged once all has arrived.
 */
export class JsonItems {
  readonly #bound: number;
  readonly #counts = new Map<string, number>();
  #skeleton = "";
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The last string at the depth of the members' names, and the one that is open there. */
  #name = "";
  #opened: string | undefined;
  #list: string | undefined;
  #item: string | undefined;
  #values = 0;

  /** @param bound characters of one document */
  constructor(bound: number) {
    this.#bound = bound;
  }

  get skeleton(): string {
    return this.#skeleton;
  }

  /** The documents that are complete with this piece of text. @throws HubError `too-large` */
  *feed(text: string): Generator<JsonItemText> {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === codes.backslash) this.#escaped = true;
        else if (code === codes.quote) this.#closeString();
        if (this.#opened !== undefined) this.#opened += text[i];
        continue;
      }
      if (code === codes.quote) {
        this.#inString = true;
        if (this.#depth === 1) this.#opened = "";
      } else if (code === codes.comma) this.#countValue();
      else if (code === codes.open || code === codes.openList) {
        this.#depth++;
        this.#countValue();
        if (this.#depth === 2 && code === codes.openList) this.#list = this.#name;
        if (this.#depth !== 3 || code !== codes.open || this.#list === undefined) continue;
        this.#keep(text.slice(from, i));
        this.#item = "";
        this.#values = 0;
        from = i;
      } else if (code === codes.close || code === codes.closeList) {
        this.#depth--;
        if (this.#depth === 1) this.#list = undefined;
        if (this.#depth !== 2 || this.#item === undefined) continue;
        yield this.#complete(this.#item + text.slice(from, i + 1));
        from = i + 1;
      }
    }
    this.#rest(text.slice(from));
  }

  /** Small values take more memory than their text. */
  #countValue(): void {
    if (++this.#values > valueBound) throw this.#tooLarge(`one document has more than ${valueBound} values`);
  }

  #closeString(): void {
    this.#inString = false;
    if (this.#opened === undefined) return;
    this.#name = this.#opened;
    this.#opened = undefined;
  }

  #complete(text: string): JsonItemText {
    const list = this.#list ?? "";
    const index = this.#counts.get(list) ?? 0;
    this.#counts.set(list, index + 1);
    this.#item = undefined;
    this.#keep("{}");
    return { list, index, text };
  }

  #rest(text: string): void {
    if (this.#item === undefined) {
      this.#keep(text);
      return;
    }
    this.#item += text;
    if (this.#item.length > this.#bound) {
      throw this.#tooLarge(`one document is larger than ${this.#bound} characters`);
    }
  }

  #tooLarge(message: string): HubError {
    const place = `/${this.#list}/${this.#counts.get(this.#list ?? "") ?? 0}`;
    return new HubError("too-large", message, { problems: [{ place, message, expected: "smaller documents" }] });
  }

  #keep(text: string): void {
    this.#skeleton += text;
    if (this.#skeleton.length <= skeletonBound) return;
    throw new HubError("too-large", `there is more than ${skeletonBound} characters around the documents`);
  }
}
