import { type TSchemaOptions, type TUnsafe, Type } from "typebox";
import { DURATION_PATTERN } from "../core/duration.ts";
import type { Secret } from "../core/secret.ts";
import { BYTE_SIZE_PATTERN } from "./byte-size.ts";

/**
 * What the configuration's schemas say beyond JSON Schema, as keywords of their own:
 * - `secret`: never printed; the loaded configuration holds a `Secret`
 * - `guarded`: no secret itself, but one may be written there by mistake: problems do not print it
 * - `path`: a file or folder, relative to the file that names it (in environment and command line: to where the hub starts)
 * - `quantity`: written with a unit, loaded as milliseconds or bytes
 * - `env`: the name of the environment variable, where the rule would give a less handy one
 */
export interface FieldKeywords {
  readonly secret?: true;
  readonly guarded?: true;
  readonly path?: true;
  readonly quantity?: "duration" | "bytes";
  readonly env?: string;
}

type FieldOptions = TSchemaOptions & FieldKeywords;

/** The keywords' names, which a validator has to be told. */
export const FIELD_KEYWORDS = [
  "secret",
  "guarded",
  "path",
  "quantity",
  "env",
] as const satisfies readonly (keyof FieldKeywords)[];

export function duration(options: FieldOptions): TUnsafe<number> {
  return Type.Unsafe<number>(Type.String({ pattern: DURATION_PATTERN, quantity: "duration", ...options }));
}

export function byteSize(options: FieldOptions): TUnsafe<number> {
  return Type.Unsafe<number>(Type.String({ pattern: BYTE_SIZE_PATTERN, quantity: "bytes", ...options }));
}

export function secret(options: FieldOptions): TUnsafe<Secret> {
  return Type.Unsafe<Secret>(Type.String({ minLength: 1, secret: true, ...options }));
}

export function path(options: FieldOptions) {
  return Type.String({ minLength: 1, path: true, ...options });
}

/** One of a few words. */
export function choice<Word extends string>(words: readonly Word[], options: FieldOptions): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: "string", enum: [...words], ...options });
}
