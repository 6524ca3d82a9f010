import { HubError } from "../../core/errors.ts";

/** What is shown and stored nowhere. */
export function readOnly(path: string): HubError {
  const message = `${path.slice(0, 200)} is worked out from history and written by nobody`;
  return new HubError("read-only", message, { problems: [{ place: path, message }] });
}

export function noSubmodel(id: string): HubError {
  return new HubError("not-found", `there is no submodel ${JSON.stringify(id.slice(0, 200))}`);
}

export function noElement(id: string, path: string): HubError {
  return new HubError(
    "not-found",
    `the submodel ${JSON.stringify(id.slice(0, 200))} has no element ${path.slice(0, 200)}`,
  );
}
