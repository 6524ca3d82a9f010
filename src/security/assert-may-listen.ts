import { isLoopback } from "../config/rules.ts";
import { HubError } from "../core/errors.ts";

/**
 * This hub can actuate machines: nobody beyond this one reaches it unasked. A name is taken at its word only where it is
 * `localhost`. The configuration says the same with its line; this holds for every way to start a hub.
 * @throws HubError `config` where it would listen beyond loopback and nobody is asked for a key
 */
export function assertMayListen(host: string, apiKeys: number): void {
  if (isLoopback(host) || apiKeys > 0) return;
  throw new HubError("config", `the hub does not listen on ${host} while anybody may write to machines through it`, {
    problems: [
      {
        place: "http.host",
        message: `${host} can be reached from other machines and no authentication is configured`,
        expected: "at least one key in security.apiKeys (`twinweave key` makes one), or http.host 127.0.0.1",
      },
    ],
  });
}
