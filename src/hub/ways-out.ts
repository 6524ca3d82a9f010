import type { Config } from "../config/load.ts";
import type { Clock } from "../core/time.ts";
import type { Channel } from "../deliver/delivery-contract.ts";
import { createHttpChannel } from "../deliver/http-channel.ts";
import { createMqttChannel } from "../deliver/mqtt-channel.ts";
import { createEgress, type Egress } from "../egress/egress.ts";
import type { Closers } from "./closers.ts";

/** By which ways the hub calls others. */
export interface WaysOut {
  /** For its clients: what they name is held to the egress policy. */
  readonly clients: Egress;
  /** Brokers that clients name. */
  readonly clientBrokers: Channel;
  /** For its operator, who named the targets himself: private addresses are not held back from him. */
  readonly operator: Egress;
  readonly operatorChannels: readonly Channel[];
}

export function openWaysOut(config: Config, clock: Clock, closers: Closers): WaysOut {
  const clients = createEgress(config.egress);
  closers.add(() => clients.close());
  const operator = createEgress({ ...config.egress, allowPrivate: true });
  closers.add(() => operator.close());
  const clientBrokers = createMqttChannel({ clock, lookup: clients.lookup, check: clients.checkBroker });
  closers.add(() => clientBrokers.close());
  const operatorBrokers = createMqttChannel({ clock });
  closers.add(() => operatorBrokers.close());
  return { clients, clientBrokers, operator, operatorChannels: [createHttpChannel(operator), operatorBrokers] };
}
