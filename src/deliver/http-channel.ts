import { HubError } from "../core/errors.ts";
import type { Channel } from "./delivery-contract.ts";

/** The part of an HTTP client that deliveries need; the hub gives one that obeys its egress policy. */
export interface HttpPost {
  request(
    url: string,
    request: {
      readonly method: "POST";
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly timeout?: number | undefined;
      readonly abort: AbortSignal;
    },
  ): Promise<{ readonly status: number }>;
}

const GONE = 410;
/** Answers that another try will not change; time-outs (408), conflicts and rate limits (429) may pass. */
const lasting = (status: number): boolean =>
  status === GONE || (status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status));

export function createHttpChannel(http: HttpPost): Channel {
  return {
    schemes: ["http:", "https:"],
    async send({ url, headers, body, timeout }, abort) {
      try {
        const { status } = await http.request(url, { method: "POST", headers, body, timeout, abort });
        if (status >= 200 && status < 300) return { ok: true };
        return {
          ok: false,
          reason: `the receiver answered ${status}`,
          lasting: lasting(status),
          gone: status === GONE,
        };
      } catch (thrown) {
        const error = HubError.from(thrown, "unreachable");
        return {
          ok: false,
          reason: error.message,
          lasting: error.code === "denied-by-egress" || error.code === "invalid",
          gone: false,
        };
      }
    },
  };
}
