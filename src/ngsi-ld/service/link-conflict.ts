import { HubError } from "../../core/errors.ts";
import type { Link } from "../../core/link.ts";
import { placeText } from "../../core/place.ts";

/** Errors of linked attributes; each names the line of the mapping file that links them. */
const linked = (link: Link, what: string): HubError =>
  new HubError("conflict", `${what}: the attribute is linked by the point "${link.point}" at ${placeText(link.place)}`);

export const readOnlyConflict = (link: Link): HubError => linked(link, "no client may write it");
export const deleteConflict = (link: Link): HubError => linked(link, "it stays, because a delete does not unlink");
export const retypeConflict = (link: Link): HubError => linked(link, "its type cannot be changed");
export const dropConflict = (link: Link): HubError => linked(link, "it cannot be left out of the entity");
export const documentWriteConflict = (link: Link): HubError =>
  linked(link, "the value sent for it was not written, because a document write never reaches a device");

/** A device's refusal, naming the line of the mapping too. */
export function atLink(error: HubError, link: Link): HubError {
  const place = placeText(link.place);
  if (error.message.includes(place)) return error;
  const details = error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter };
  return new HubError(error.code, `${error.message} (point "${link.point}" at ${place})`, {
    cause: error,
    problems: error.problems,
    ...details,
  });
}
