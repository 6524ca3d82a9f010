import type {
  CallRequest,
  ClientSession,
  ClientSessionPublishService,
  ClientSessionRawSubscriptionService,
} from "node-opcua-client";

/**
 * The library's session with the plain services of subscriptions. Its own subscription object acknowledges before
 * anything is stored and, against servers that answer Republish with an empty message, loops for ever; with the
 * services an acknowledgement follows the commit and a held-back Publish request is the back-pressure.
 */
export type RawSession = ClientSession &
  ClientSessionRawSubscriptionService &
  ClientSessionPublishService &
  Transactions;

/** One request with its own header: what the library's `call` does not let one set. */
interface Transactions {
  performMessageTransaction(request: CallRequest, callback: (error: Error | null, response?: unknown) => void): void;
}

export function rawSession(session: ClientSession): RawSession {
  return session as RawSession;
}
