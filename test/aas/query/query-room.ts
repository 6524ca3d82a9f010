import type { Scope } from "../../../src/core/scope.ts";

/** A client with every right. */
export const silentScope: Scope = {
  tenant: "default",
  actor: { name: "test", rights: ["admin"] },
  requestId: "test",
  abort: new AbortController().signal,
};
