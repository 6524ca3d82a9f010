import type { SignalRow } from "../series-contract.ts";
import { qualityOf } from "./sample-columns.ts";
import { decodeValue } from "./value-codec.ts";

/** Series, kind, num, text, quality, code, at, receivedAt, createdAt, modifiedAt: an array crosses threads cheaper. */
export type SignalTuple = [
  number,
  number,
  number | null,
  string | null,
  number,
  string | null,
  number,
  number,
  number,
  number,
];

export function toSignal(row: SignalTuple): SignalRow {
  const [series, kind, num, text, quality, code, at, receivedAt, createdAt, modifiedAt] = row;
  return {
    series,
    value: decodeValue(kind, num ?? 0, text ?? ""),
    quality: qualityOf(quality),
    ...(code === null ? {} : { code }),
    at,
    receivedAt,
    createdAt,
    modifiedAt,
  };
}
