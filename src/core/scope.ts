export type Right = "read" | "write" | "admin";

/** Who asks, once authentication has spoken. `rights` is what the key or token grants. */
export interface Actor {
  readonly name: string;
  readonly rights: readonly Right[];
  /** Tenants that the actor may see; `undefined`: all. */
  readonly tenants?: readonly string[];
}

/** For whom something is done: first parameter wherever state is touched for somebody, never global. */
export interface Scope {
  readonly tenant: string;
  readonly actor: Actor;
  readonly requestId: string;
  readonly abort: AbortSignal;
}
