import { Agent, get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { elementName, entityId, POINTS_PER_ASSET, pointName, submodelId } from "./bench-mapping.ts";

/** Time between two looks at one value, ms: what a measured time may be too long by. */
const LOOK = 4;
/** A value changes once a second; looking begins this long before it is due, ms. */
const CHANGES_EVERY = 1_000;
const EARLY = 50;

export interface LatencyProbe {
  /** Ms from source timestamp to the end of the first answer that shows the value. */
  stop(): Promise<readonly number[]>;
}

/** Watches a sample of linked values over HTTP, by turns as NGSI-LD attribute and as AAS element. */
export function startLatencyProbe(hub: string, assets: number, sample: number): LatencyProbe {
  const agent = new Agent({ keepAlive: true });
  const samples: number[] = [];
  let stopped = false;
  const watch = async (number: number): Promise<void> => {
    const url = `${hub}${number % 2 === 0 ? attributePath(number) : elementPath(number)}`;
    let seen = timeIn(await read(agent, url));
    while (!stopped) {
      const at = timeIn(await read(agent, url));
      if (at > seen) {
        samples.push(Date.now() - at);
        seen = at;
        await pause(Math.max(LOOK, at + CHANGES_EVERY - EARLY - Date.now()));
      } else await pause(LOOK);
    }
  };
  const assetOf = (number: number): number => Math.floor((number * assets) / sample);
  const attributePath = (number: number): string =>
    `/ngsi-ld/v1/entities/${entityId(assetOf(number))}?attrs=${pointName(number % POINTS_PER_ASSET)}`;
  const elementPath = (number: number): string => {
    const submodel = Buffer.from(submodelId(assetOf(number))).toString("base64url");
    return `/api/v3.1/submodels/${submodel}/submodel-elements/${elementName(number % POINTS_PER_ASSET)}`;
  };
  const watches = Promise.all(Array.from({ length: sample }, (_, number) => watch(number)));
  return {
    async stop() {
      stopped = true;
      await watches;
      agent.destroy();
      return samples;
    },
  };
}

/** The source's time in either standard's form: `observedAt`, or the qualifier of the time. */
function timeIn(body: string): number {
  const found = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/.exec(body);
  return found === null ? 0 : Date.parse(found[0]);
}

function read(agent: Agent, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.once("error", reject).once("end", () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url}: ${response.statusCode} ${body.slice(0, 200)}`));
      });
    }).once("error", reject);
  });
}
