import { setTimeout as delay } from "node:timers/promises";
import { type HubFixture, hubFixture } from "../../hub/hub-fixture.ts";
import { environment } from "../../northbound/aas/all-elements.ts";
import type { Ask } from "./case.ts";
import type { Answer } from "./official/judge.ts";
import { type Plant, startPlant } from "./plant.ts";

export type Key = "client" | "elsewhere" | "none";

/** A running hub with what the cases ask for, and the ways to ask. */
export interface World {
  /** Of `/api/v3.1`. */
  readonly api: string;
  /** What `send` identifies itself with. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Path below `/api/v3.1`, or a whole URL. */
  send(verb: string, path: string, ask?: Ask, key?: Key): Promise<Answer>;
  /** Creates what a case needs. @throws where the hub does not take it */
  make(path: string, body: unknown): Promise<void>;
  /** A name that no other case has. */
  unique(prefix: string): string;
  /** Asks until `holds`: for jobs, which end when they end. */
  until(path: string, holds: (answer: Answer) => boolean): Promise<Answer>;
  close(): Promise<void>;
}

/** The shell and submodel that most cases read, and the ones that `/aas` and `/submodel` serve. */
export const shellId = "urn:test:aas:1";
export const submodelId = "urn:test:sm:1";
export const conceptId = "urn:test:speed";

export const b64 = (text: string): string => Buffer.from(text).toString("base64url");

const keys: Readonly<Record<Exclude<Key, "none">, string>> = {
  client: "a-key-that-may-read-and-write",
  elsewhere: "a-key-of-another-tenant",
};

const configuration = `
security:
  apiKeys:
    - { name: client, key: ${keys.client}, rights: [read, write] }
    - { name: elsewhere, key: ${keys.elsewhere}, rights: [read, write], tenants: [elsewhere] }
aas:
  shell: ${shellId}
  submodel: ${submodelId}
`;

export async function openWorld(): Promise<World> {
  const plant = await startPlant(submodelId);
  const hub = await hubFixture({ "twinweave.yaml": `${configuration}${plant.configuration}`, ...plant.files });
  const world = worldOf(hub, plant);
  try {
    await hub.hub.settled;
    // The plant's mapping has made the first.
    for (const submodel of environment.submodels.slice(1)) await world.make("/submodels", submodel);
    for (const shell of environment.shells) await world.make("/shells", shell);
    await world.make("/concept-descriptions", { modelType: "ConceptDescription", id: conceptId, idShort: "Speed" });
    return world;
  } catch (thrown) {
    await world.close();
    throw thrown;
  }
}

function worldOf(hub: HubFixture, plant: Plant): World {
  let count = 0;
  const api = `${hub.hub.url}/api/v3.1`;
  const send: World["send"] = async (verb, path, ask = {}, key = "client") => {
    const url = path.startsWith("http") ? path : `${api}${path}`;
    return await request(verb, url, ask, key === "none" ? {} : { "x-api-key": keys[key] });
  };
  return {
    api,
    credentials: { "x-api-key": keys.client },
    send,
    async make(path, body) {
      const { status, bytes } = await send("POST", path, { body });
      if (status !== 201) throw new Error(`POST ${path} was not taken: ${status} ${bytes}`);
    },
    unique(prefix) {
      count += 1;
      return `${prefix}${count}`;
    },
    async until(path, holds) {
      const deadline = Date.now() + 5_000;
      for (;;) {
        const answer = await send("GET", path);
        if (holds(answer)) return answer;
        if (Date.now() > deadline) throw new Error(`${path} still says ${answer.status} ${answer.bytes}`);
        await delay(10);
      }
    },
    async close() {
      await hub.close();
      await plant.stop();
    },
  };
}

/** One request as a case wants it, without following where it leads. */
export async function request(
  verb: string,
  url: string,
  { query = {}, body, form, headers = {} }: Ask,
  credentials: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const search = new URLSearchParams(query).toString();
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const content = form ?? (typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(search === "" ? url : `${url}?${search}`, {
    method: verb,
    redirect: "manual",
    headers: { ...type, ...credentials, ...headers },
    ...(content === undefined ? {} : { body: content }),
  });
  return {
    url: response.url,
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/** An official template with its parameters in it. */
export function filled(template: string, params: Ask["params"] = {}): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? `no-${name}`));
}
