import type { Packet } from "mqtt";
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
  const { client } = session;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  // The library's callback says nothing of a PUBACK that is a success, so its reason is seen in passing.
  let unheard = false;
  const watch = (packet: Packet): void => {
    unheard ||= packet.cmd === "puback" && packet.messageId === id && packet.reasonCode === NO_MATCHING_SUBSCRIBERS;
  };
  client.on("packetreceive", watch);
  client.publish(topic, payload, { qos: 1 }, (error) => {
    if (error) {
      const said = "code" in error ? ` with code ${error.code}` : "";
      reject(new HubError("device-refused", `the broker refused ${topic}${said}`, { cause: error }));
    } else if (unheard) {
      reject(new HubError("device-refused", `nobody listens to ${topic} (NoMatchingSubscribers)`));
    } else {
      resolve(undefined);
    }
  });
  const id = client.getLastMessageId();
  try {
    return await promise;
  } finally {
    client.off("packetreceive", watch);
  }
}
