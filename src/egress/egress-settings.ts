/** What the hub may reach on behalf of clients. Declared for users in `config/schema.ts`, section `egress`. */
export interface EgressSettings {
  /** Whether loopback, private and link-local addresses may be reached. */
  readonly allowPrivate: boolean;
  /** Hosts always allowed, private or not; `*.example.org` stands for its subdomains. */
  readonly allowedHosts: readonly string[];
  /** Whether plain `http:` is allowed, or `https:` alone. */
  readonly allowHttp: boolean;
  /** Milliseconds for one exchange, redirects included. */
  readonly timeout: number;
  /** Bytes of the largest answer that is read. */
  readonly maxBytes: number;
}

export const defaultEgress: EgressSettings = {
  allowPrivate: false,
  allowedHosts: [],
  allowHttp: true,
  timeout: 10_000,
  maxBytes: 4 * 1024 * 1024,
};
