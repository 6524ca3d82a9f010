import type { IPublishPacket, MqttClient, Packet } from "mqtt";
import { HubError } from "../../core/errors.ts";

/** Takes a message; `next` asks for the one after it. */
export type Receive = (packet: IPublishPacket, next: () => void) => void;

type Send = (packet: Packet, done?: () => void, ...rest: unknown[]) => void;

/**
 * Lets messages in one after the other, but leaves their acknowledgement to the caller: PUBACK for QoS 1, PUBREC for
 * QoS 2 (MQTT 5.0, 4.3: the sender may forget the message from then on). The library itself acknowledges as soon as it
 * is asked for the next message; waiting for a commit each time would cost a commit a message.
 *
 * The only place that reaches into the library's private parts (`_sendPacket` of mqtt 5.16). The redelivery tests fail
 * where an upgrade changes them.
 */
export function holdAcknowledgements(client: MqttClient, receive: Receive): (packet: IPublishPacket) => void {
  const library = client as unknown as { _sendPacket?: Send };
  const send = library._sendPacket;
  if (!send) throw new HubError("internal", "this version of the MQTT library cannot hold acknowledgements");
  library._sendPacket = (packet, done, ...rest) => {
    if (packet.cmd === "puback" || packet.cmd === "pubrec") done?.();
    else send.call(client, packet, done, ...rest);
  };
  client.handleMessage = (packet, next) => {
    // A message of QoS 2 comes here when the broker releases it; it was taken when it came.
    if (packet.qos === 2) next();
    else receive(packet, () => next());
  };
  client.options.customHandleAcks = (_topic, _message, packet: IPublishPacket, next) => {
    if (packet.qos === 2) receive(packet, () => next(0));
    else next(0);
  };
  return (packet) => {
    if (packet.qos === 0 || packet.messageId === undefined || !client.connected) return;
    const cmd = packet.qos === 1 ? "puback" : "pubrec";
    send.call(client, { cmd, messageId: packet.messageId } as Packet);
  };
}
