import { createAasEnd } from "../aas/end/aas-end.ts";
import type { EndCodec } from "../core/end-codec.ts";
import { findUnit } from "../mapping/units/unit.ts";
import type { Contexts } from "../ngsi-ld/context/contexts.ts";
import { createNgsiEnd } from "../ngsi-ld/end-codec.ts";

/** What both standards make of mapping files: the hub and `twinweave check` show the same. */
export function endCodecs(contexts: Contexts): readonly EndCodec[] {
  return [createAasEnd({ unitSymbol: (code) => findUnit(code)?.names[0] }), createNgsiEnd(contexts)];
}
