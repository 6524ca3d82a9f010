import { randomUUID } from "node:crypto";

/** The client's own id where it is sane, else a new one. At most 128 characters, as the AAS API wants its correlationId. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && /^[\w.:-]{1,128}$/.test(header) ? header : randomUUID();
}
