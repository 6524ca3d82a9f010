import axios from "axios";
import { type Command, Option } from "commander";
import { HubError } from "../core/errors.ts";

/** Flags of the verbs that speak to a running hub. */
export interface AdminFlags {
  readonly url: string;
  readonly key?: string;
}

export function withAdminFlags(command: Command): Command {
  const key = "API key with the right `admin`, where the hub wants one; others on this machine see the command line";
  return command
    .addOption(new Option("--url <url>", "the running hub").default("http://127.0.0.1:8080"))
    .addOption(new Option("--key <key>", key).env("TWINWEAVE_KEY"));
}

/** One call of a running hub's admin API. @throws HubError with what the hub said, `unreachable` where nothing did */
export async function askHub<T>({ url: hub, key }: AdminFlags, method: "GET" | "POST", path: string): Promise<T> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const url = `${hub.replace(/\/+$/, "")}/admin${path}`;
  const answer = await axios
    .request({ method, url, headers, timeout: 10_000, proxy: false, maxRedirects: 0, validateStatus: () => true })
    .catch((thrown: unknown) => {
      const reason = axios.isAxiosError(thrown) ? (thrown.code ?? thrown.message) : HubError.from(thrown).message;
      throw new HubError("unreachable", `no hub answers at ${hub} (${reason}); --url names another`, { cause: thrown });
    });
  if (answer.status < 300) return answer.data as T;
  const said: unknown = answer.data?.detail;
  throw new HubError("conflict", typeof said === "string" ? said : `${url} answered ${answer.status}: is it a hub?`);
}
