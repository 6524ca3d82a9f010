/** The closed set of reasons for which the hub refuses or fails. Each API renders them in its standard's form. */
export type HubErrorCode =
  | "malformed" // cannot be parsed at all: broken JSON, base64url, grammar, parameter
  | "invalid" // parses, but says something that the standard or a schema forbids
  | "unauthorized" // nobody known asks
  | "forbidden" // somebody known, without the right
  | "read-only" // a linked leaf that no client may write
  | "not-found"
  | "unknown-tenant"
  | "method-not-allowed"
  | "not-acceptable"
  | "already-exists"
  | "conflict" // the state of the resource forbids it
  | "precondition-failed" // If-Match and friends
  | "length-required"
  | "too-large"
  | "range-not-satisfiable" // a part of a file that lies beyond it
  | "uri-too-long"
  | "unsupported-media-type"
  | "unsupported" // the standard knows it, this hub does not
  | "too-complex"
  | "overloaded" // a bound is reached; worth trying again
  | "device-refused" // the device said no
  | "device-timeout" // the device said nothing in time
  | "unreachable" // a source or target cannot be reached
  | "untrusted" // a peer's certificate is not (yet) trusted
  | "denied-by-egress" // the hub's own egress policy forbids the address
  | "context-unavailable" // a JSON-LD context cannot be had
  | "store-full"
  | "store-corrupt"
  | "store-busy" // another process holds the store
  | "config" // the configuration or a mapping file is wrong
  | "aborted" // who asked has gone, or the hub stops
  | "internal";

/** One thing that is wrong, with its place and what would be right. */
export interface Problem {
  /** A JSON pointer into the body, a parameter's name, or `file:line:column`. */
  readonly place: string;
  readonly message: string;
  /** What would be right, where it can be said. */
  readonly expected?: string;
  /** The constraint, clause or rule that is broken, e.g. `AASd-002`. */
  readonly rule?: string;
}

export interface HubErrorDetails {
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number;
  /** What the device said, in its protocol's own words: `BadInvalidState`, `IllegalDataAddress`, … */
  readonly deviceCode?: string;
}

export class HubError extends Error {
  override readonly name = "HubError";
  readonly code: HubErrorCode;
  readonly problems: readonly Problem[];
  readonly retryAfter: number | undefined;
  readonly deviceCode: string | undefined;

  constructor(code: HubErrorCode, message: string, details: HubErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.problems = details.problems ?? [];
    this.retryAfter = details.retryAfter;
    this.deviceCode = details.deviceCode;
  }

  /** Anything thrown, as a HubError: itself, `aborted` for an abort, `internal` for what nobody foresaw. */
  static from(thrown: unknown, fallback: HubErrorCode = "internal"): HubError {
    if (thrown instanceof HubError) return thrown;
    if (thrown instanceof Error && thrown.name === "AbortError") {
      return new HubError("aborted", "the request was aborted", { cause: thrown });
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new HubError(fallback, message, { cause: thrown });
  }
}
