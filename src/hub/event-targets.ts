import type { EventTarget } from "../aas/events/event-target.ts";
import type { Config } from "../config/load.ts";

/** The configuration's event targets, their secrets revealed. */
export function eventTargets({ aas }: Pick<Config, "aas">): readonly EventTarget[] {
  return aas.events.map(({ headers, version, qos, user, password, ...target }) => ({
    ...target,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
    mqtt: {
      version,
      qos,
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password: password.reveal() }),
    },
  }));
}
