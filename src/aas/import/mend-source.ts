import { isObject } from "../validation/check.ts";
import { kindOf } from "./document-kind.ts";
import type { ImportNote } from "./import-report.ts";
import { leaveOut } from "./leave-out.ts";
import type { LooseObject } from "./loose-object.ts";
import { mend } from "./mend.ts";
import { MendLog } from "./mend-log.ts";
import type { SourceDocument } from "./source-document.ts";

export interface Mended {
  /** What is left of the document is right. */
  readonly isRight: boolean;
  readonly notes: readonly ImportNote[];
}

/** Mends a document where it stands, and takes out of it what cannot be mended. */
export function mendSource({ type, value, problems, place }: SourceDocument): Mended {
  const unreadable = problems.map((problem) => ({ what: "left-out" as const, ...problem }));
  if (!isObject(value)) return { isRight: false, notes: unreadable };
  const mends = new MendLog(place);
  mend(value as LooseObject, type, mends);
  const losses = new MendLog(place);
  const isRight = leaveOut(value, kindOf(type).validate, losses);
  const mended = mends.mends.map((one) => ({ what: "mended" as const, ...one }));
  const lost = losses.mends.map((one) => ({ what: "left-out" as const, ...one }));
  return { isRight, notes: [...unreadable, ...mended, ...lost] };
}
