import { HubError } from "../../core/errors.ts";
import type { MqttSettings } from "./config.ts";
import type { MqttSession } from "./session.ts";

/** Filters in one SUBSCRIBE. */
const CHUNK = 200;

/** Subscribes; gives the filters that the broker refused. Throws where the session is lost. */
export async function subscribeFilters(
  session: MqttSession,
  filters: readonly string[],
  qos: MqttSettings["qos"],
): Promise<ReadonlyMap<string, HubError>> {
  const refused = new Map<string, HubError>();
  for (let at = 0; at < filters.length; at += CHUNK) {
    const chunk = filters.slice(at, at + CHUNK);
    const granted = await Promise.race([granting(session, chunk, qos), session.lost]);
    if (granted instanceof HubError) throw granted;
    for (const [index, code] of granted.entries()) {
      const filter = chunk[index];
      if (filter === undefined || code < 0x80) continue;
      refused.set(filter, new HubError("forbidden", `the broker refused ${filter} with code ${code}`));
    }
  }
  return refused;
}

/** The codes of the SUBACK, a filter each (MQTT 5.0, 3.9.3). */
async function granting(session: MqttSession, filters: readonly string[], qos: MqttSettings["qos"]): Promise<number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  session.client.subscribe([...filters], { qos }, (error, _requests, packet) => {
    if (packet) resolve(packet.granted.map(Number));
    else reject(new HubError("unreachable", "the broker did not answer to a subscription", { cause: error }));
  });
  return await promise;
}
