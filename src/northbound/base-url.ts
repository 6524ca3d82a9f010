import type { IncomingMessage } from "node:http";

/** How clients reach the hub from outside, without a trailing slash. */
export interface BaseUrlPolicy {
  /** From the configuration; wins. */
  readonly configured?: string;
  /** Whether `X-Forwarded-Proto` and `-Host` of a proxy are believed. */
  readonly trustProxy: boolean;
}

export function externalBase(policy: BaseUrlPolicy, incoming: IncomingMessage): string {
  if (policy.configured !== undefined) return policy.configured.replace(/\/+$/, "");
  const { headers } = incoming;
  const forwarded = (name: string): string | undefined => {
    const value = policy.trustProxy ? headers[name] : undefined;
    return (Array.isArray(value) ? value[0] : value)?.split(",")[0]?.trim();
  };
  const secure = "encrypted" in incoming.socket;
  const protocol = forwarded("x-forwarded-proto") ?? (secure ? "https" : "http");
  return `${protocol}://${forwarded("x-forwarded-host") ?? headers.host ?? "localhost"}`;
}
