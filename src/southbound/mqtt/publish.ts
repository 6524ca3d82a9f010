import { HubError } from "../../core/errors.ts";
import type { MqttSession } from "./session.ts";

/** MQTT 5.0, 3.4.2.1: success, but nobody is subscribed to the topic. */
const NO_MATCHING_SUBSCRIBERS = 16;

/** Publishes with QoS 1 and waits for the broker. Throws HubError `device-refused`, `device-timeout` or `unreachable`. */
export async function publishCommand(
  session: MqttSession,
  topic: string,
  payload: string,
  timeout: number,
): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new HubError("device-timeout", `the broker did not acknowledge ${topic} in time`)),
    timeout,
  );
  try {
    const outcome = await Promise.race([published(session, topic, payload), session.lost, late.promise]);
    if (outcome) throw outcome;
  } finally {
    clearTimeout(timer);
  }
}

async function published(session: MqttSession, topic: string, payload: string): Promise<undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  session.client.publish(topic, payload, { qos: 1 }, (error, packet) => {
    const said = error && "code" in error ? error.code : undefined;
    if (error) {
      reject(new HubError("device-refused", `the broker refused ${topic} with code ${said ?? "?"}`, { cause: error }));
    } else if (packet && "reasonCode" in packet && packet.reasonCode === NO_MATCHING_SUBSCRIBERS) {
      reject(new HubError("device-refused", `nobody listens to ${topic} (NoMatchingSubscribers)`));
    } else {
      resolve(undefined);
    }
  });
  return await promise;
}
