import { HubError } from "../core/errors.ts";
import type { Egress } from "../egress/egress.ts";

/**
 * Says before a subscription is stored whether the hub may notify its endpoint. Throws HubError `denied-by-egress`, and
 * `invalid` for the hub's own address: a notification that changes what it tells of would go round for ever.
 */
export function endpointCheck(egress: Pick<Egress, "check" | "checkBroker">, isOwn: (url: string) => boolean) {
  return (url: string): void => {
    if (url.startsWith("mqtt")) {
      egress.checkBroker(url);
      return;
    }
    if (isOwn(url)) {
      throw new HubError("invalid", "notification.endpoint.uri is the hub itself: it does not notify itself");
    }
    egress.check(url);
  };
}
