import { isIP } from "node:net";
import { HubError } from "../core/errors.ts";

/** Whether only this machine can reach an address. A name is taken at its word only where it is `localhost`. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  if (name === "localhost" || name === "::1") return true;
  return isIP(name) === 4 && name.startsWith("127.");
}

/**
 * This hub can actuate machines: nobody beyond this one reaches it unasked.
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
