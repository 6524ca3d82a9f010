import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadConfig } from "../../src/config/load.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type Hub, startHub } from "../../src/hub/hub.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json | undefined;
}

/** Whatever JSON came; tests look into it by optional chaining. */
export type Json = { readonly [key: string]: Json } & { readonly [index: number]: Json; readonly length: number };

export interface HubFixture {
  readonly folder: string;
  readonly hub: Hub;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Asks until what comes satisfies `holds`: for what a device or another process brings about. Rejects after `ms`. */
  until(
    path: string,
    holds: (answer: Answer) => boolean,
    ms?: number,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Writes files below the hub's folder. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A whole hub over files in a folder of its own.
 * @param files by path; `twinweave.yaml` is the configuration, where there is one
 */
export async function hubFixture(files: Readonly<Record<string, string>>): Promise<HubFixture> {
  const folder = await mkdtemp(join(tmpdir(), "twinweave-hub-"));
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  };
  await write(files);
  const open = async (): Promise<Hub> => {
    const config = await loadConfig({
      ...("twinweave.yaml" in files ? { file: join(folder, "twinweave.yaml") } : {}),
      env: {},
      flags: { "http.port": 0, "store.sqlite": join(folder, "data") },
    });
    return await startHub(config, silentLogger);
  };
  let hub = await open();
  const request: HubFixture["request"] = async (method, path, body, headers = {}) => {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${hub.url}${path}`, {
      method,
      headers: { ...type, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : parse(text) };
  };
  const get: HubFixture["get"] = (path, headers) => request("GET", path, undefined, headers);
  return {
    folder,
    get hub() {
      return hub;
    },
    request,
    get,
    async until(path, holds, ms = 15_000, headers = {}) {
      const deadline = Date.now() + ms;
      for (;;) {
        const answer = await get(path, headers);
        if (holds(answer)) return answer;
        if (Date.now() > deadline)
          throw new Error(`${path} still says ${answer.status} ${JSON.stringify(answer.body)}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    write,
    async restart() {
      await hub.close();
      hub = await open();
    },
    async close() {
      await hub.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text as unknown as Json; // text is an answer too: metrics, pages
  }
}

export const base64url = (id: string): string => Buffer.from(id).toString("base64url");
