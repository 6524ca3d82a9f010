import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import axios from "axios";
import { HubError } from "../core/errors.ts";
import type { AdminFlags } from "./admin-client.ts";

export interface HubCall {
  readonly method: "GET" | "POST";
  /** Below the hub's address. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable;
}

/** More than an error's text ever is. */
const errorBound = 1024 * 1024;

/**
 * A call of a running hub whose bodies stream both ways, for as long as they take.
 * @throws HubError with what the hub said and its problems, `unreachable` where nothing did
 */
export async function streamHub({ url: hub, key }: AdminFlags, call: HubCall): Promise<Readable> {
  const { method, path, body, headers } = call;
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await axios
    .request<Readable>({
      method,
      url: `${hub.replace(/\/+$/, "")}${path}`,
      headers: { ...authorization, ...headers },
      data: body,
      responseType: "stream",
      proxy: false,
      maxRedirects: 0,
      maxBodyLength: Number.POSITIVE_INFINITY,
      validateStatus: () => true,
    })
    .catch((thrown: unknown) => {
      const reason = axios.isAxiosError(thrown) ? (thrown.code ?? thrown.message) : HubError.from(thrown).message;
      throw new HubError("unreachable", `no hub answers at ${hub} (${reason}); --url names another`, { cause: thrown });
    });
  if (answer.status < 300) return answer.data;
  throw refusal(await text(bounded(answer.data)), `${hub}${path} answered ${answer.status}: is it a hub?`);
}

/** Problem details (RFC 9457) of the admin API, or an AAS Result, as the error that it was. */
function refusal(body: string, otherwise: string): HubError {
  const said = parsed(body);
  const [first] = Array.isArray(said?.messages) ? (said.messages as readonly { readonly text?: unknown }[]) : [];
  const message = said?.detail ?? first?.text;
  const problems = Array.isArray(said?.problems) ? (said.problems as HubError["problems"]) : [];
  return new HubError("conflict", typeof message === "string" ? message : otherwise, { problems });
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : undefined;
  } catch (error) {
    // Not a hub's answer.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function* bounded(body: Readable): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > errorBound) return;
    yield chunk;
  }
}
