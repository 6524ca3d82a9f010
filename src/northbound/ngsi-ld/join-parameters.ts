import { HubError } from "../../core/errors.ts";
import { isUri } from "../../ngsi-ld/names.ts";
import type { Join } from "../../ngsi-ld/service/linked-entities.ts";
import { listParameter } from "./parameters.ts";

/** How linked entities are asked for (CIM 009 4.5.23, 6.4.3.2). */
export const JOIN_PARAMETERS = ["join", "joinLevel", "containedBy"] as const;

/** Deeper graphs are walked by further requests. */
const MOST_LEVELS = 32;

/** Undefined: linked entities are not retrieved. Throws HubError `invalid`. */
export function joinOf(query: URLSearchParams): Join | undefined {
  const kind = query.get("join");
  const level = levelOf(query.get("joinLevel"));
  const containedBy = listParameter(query, "containedBy");
  const wrong = containedBy?.find((id) => !isUri(id));
  if (wrong !== undefined) throw new HubError("invalid", `containedBy names "${wrong}", which is not a URI`);
  if (kind === null || kind === "@none") {
    if (level !== undefined || (containedBy !== undefined && kind === null)) {
      throw new HubError("invalid", "joinLevel and containedBy need join=inline or join=flat (CIM 009 6.4.3.2)");
    }
    return undefined;
  }
  if (kind !== "inline" && kind !== "flat") throw new HubError("invalid", "join must be inline, flat or @none");
  return { kind, level: level ?? 1, containedBy: new Set(containedBy) };
}

function levelOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new HubError("invalid", "joinLevel must be a positive whole number");
  return Math.min(Number(text), MOST_LEVELS);
}
