import axios from "axios";
import { HubError } from "../core/errors.ts";

/** Flags of the verbs that speak to a running hub. */
export interface AdminFlags {
  readonly url: string;
  readonly key?: string;
}

export const adminUrlFlag = ["--url <url>", "the running hub", "http://127.0.0.1:8080"] as const;
export const adminKeyFlag = ["--key <key>", "API key with the right to do it, where the hub wants one"] as const;

/** One call of a running hub's admin API. @throws HubError with what the hub said */
export async function askHub<T>(flags: AdminFlags, method: "GET" | "POST", path: string): Promise<T> {
  const headers = flags.key === undefined ? {} : { authorization: `Bearer ${flags.key}` };
  try {
    const url = `${flags.url.replace(/\/+$/, "")}/admin${path}`;
    const { status, data } = await axios.request({ method, url, headers, timeout: 10_000, validateStatus: () => true });
    if (status < 300) return data as T;
    throw new HubError("conflict", typeof data?.detail === "string" ? data.detail : `the hub answered ${status}`);
  } catch (thrown) {
    if (thrown instanceof HubError) throw thrown;
    throw new HubError("unreachable", `no hub answers at ${flags.url} (--url names another)`, { cause: thrown });
  }
}
