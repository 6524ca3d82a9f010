import { valueKind } from "../form/value-codec.ts";

/** A document or part that is not past its time; its one parameter: now. */
export const alive = (alias: string): string => `(${alias}.expires_at IS NULL OR ${alias}.expires_at > ?)`;

/**
 * Whether a part `p` of the document `d` is shown, whatever its time: a linked one is shown by its signal alone, so it
 * counts once that has a value (rule 9 of the twin).
 */
export const shownPart = (document = "d"): string => `NOT EXISTS (SELECT 1 FROM series_address a
  LEFT JOIN signal s ON s.tenant = a.tenant AND s.series = a.series
  WHERE a.tenant = p.tenant AND a.collection = p.collection AND a.document = ${document}.id AND a.part = p.key
  AND a.to_at IS NULL AND coalesce(s.kind = ${valueKind.none}, a.linked))`;

/** The signal `v` of a part `p` of the document `d`, by its address `l`, where it is linked. */
export const signalOf = (document = "d"): string => `
  LEFT JOIN series_address l ON l.tenant = p.tenant AND l.collection = p.collection AND l.document = ${document}.id
    AND l.part = p.key AND l.to_at IS NULL AND l.linked
  LEFT JOIN signal v ON v.tenant = l.tenant AND v.series = l.series`;

/** As `SaidColumns` wants them. */
export const SAID_COLUMNS =
  "p.kind, p.body, p.created_at, p.modified_at, v.kind, v.num, v.text, v.quality, v.at, v.created_at, v.modified_at";

/** When the document `d` was last changed, its signals included (rule 10). */
export const MODIFIED_AT = `greatest(d.modified_at, (SELECT max(v.modified_at) FROM series_address l
  JOIN signal v ON v.tenant = l.tenant AND v.series = l.series
  WHERE l.tenant = d.tenant AND l.collection = d.collection AND l.document = d.id AND l.to_at IS NULL AND l.linked))`;
