import type { Delivery } from "../store/contract.ts";

/** One message on its way to a receiver. */
export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds; the channel may bound it. */
  readonly timeout?: number;
  /** Milliseconds for which its target is left alone after a failure. */
  readonly cooldown?: number;
  /** Further deliveries of its target that it tells of: they share its outcome. */
  readonly covers?: readonly number[];
  /** For `mqtt:` and `mqtts:` URLs, whose path is the topic. */
  readonly mqtt?: MqttDelivery;
}

/** How a message goes to an MQTT broker. */
export interface MqttDelivery {
  readonly version: "3.1.1" | "5";
  readonly qos: 0 | 1 | 2;
  readonly user?: string;
  readonly password?: string;
}

/** It is too early: the target is left alone until then, in ms since the epoch. */
export interface Rest {
  readonly notBefore: number;
}

export type Outcome =
  | { readonly kind: "delivered"; readonly at: number }
  /** `final`: it is not tried again. `gone`: the receiver says that it is no longer there. */
  | {
      readonly kind: "failed";
      readonly at: number;
      readonly reason: string;
      readonly final: boolean;
      readonly gone: boolean;
    };

/** Turns what changed into a message, at the moment of delivery. */
export interface DeliveryRenderer {
  /** Undefined: there is nothing to send any more (the subscription is gone or paused). */
  render(delivery: Delivery, abort: AbortSignal): Promise<Message | Rest | undefined>;
  /** The ways out that its messages take; those of the worker where it has none. */
  readonly channels?: readonly Channel[];
  /** Told after each try. */
  settled?(delivery: Delivery, outcome: Outcome): void;
}

export type SendResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly lasting: boolean; readonly gone: boolean };

/** A way out of the hub. Never rejects for what the receiver does. */
export interface Channel {
  /** URL schemes with their colon: `https:`. */
  readonly schemes: readonly string[];
  send(message: Message, abort: AbortSignal): Promise<SendResult>;
}
