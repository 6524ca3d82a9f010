import type {
  ClientSession,
  ClientSessionPublishService,
  ClientSessionRawSubscriptionService,
} from "node-opcua-client";

/**
 * The library's session with the plain services of subscriptions. Its own subscription object acknowledges before
 * anything is stored and, against servers that answer Republish with an empty message, loops for ever; with the
 * services an acknowledgement follows the commit and a held-back Publish request is the back-pressure.
 */
export type RawSession = ClientSession & ClientSessionRawSubscriptionService & ClientSessionPublishService;

export function rawSession(session: ClientSession): RawSession {
  return session as RawSession;
}
