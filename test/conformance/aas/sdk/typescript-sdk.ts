import { createRequire } from "node:module";
import type * as Core from "@aas-core-works/aas-core3.0-typescript";
import type * as Sdk from "basyx-typescript-sdk";
import { openWorld, type World } from "../world.ts";

const require = createRequire(import.meta.url);
/** Its ES modules name each other without extensions, which Node does not follow. */
export const sdk = require("basyx-typescript-sdk") as typeof Sdk;
const core = require("@aas-core-works/aas-core3.0-typescript") as typeof Core;

type Answer<T> = { readonly success: true; readonly data: T } | { readonly success: false; readonly error: unknown };

/** A client whose calls give what they got, and throw what they did not. */
export type Calling<C> = {
  readonly [Name in keyof C]: C[Name] extends (options: infer O) => Promise<Answer<infer T>>
    ? (options: Omit<O, "configuration">) => Promise<T>
    : never;
};

export interface SdkRoom<C> {
  readonly world: World;
  readonly client: Calling<C>;
  /** Calls of the client that nobody has made. */
  untried(): readonly string[];
  close(): Promise<void>;
}

/** A whole hub and one of the SDK's clients, unmodified, that asks it. */
export async function openSdkRoom<C extends object>(Client: new () => C): Promise<SdkRoom<C>> {
  const world = await openWorld();
  const configuration = new sdk.Configuration({ basePath: world.api, headers: { ...world.credentials } });
  const plain = new Client() as Record<string, (options: object) => Promise<Answer<unknown>>>;
  const tried = new Set<string>();
  const client = new Proxy(plain, {
    get: (target, name: string) => async (options: object) => {
      tried.add(name);
      const answer = await target[name]?.({ configuration, ...options });
      if (answer?.success === true) return answer.data;
      throw new Error(`${name} got ${JSON.stringify(answer?.error)}`);
    },
  });
  const calls = Object.getOwnPropertyNames(Client.prototype).filter((name) => name !== "constructor");
  return {
    world,
    client: client as Calling<C>,
    untried: () => calls.filter((name) => !tried.has(name)),
    close: async () => await world.close(),
  };
}

/** Documents as the SDK's own classes. */
export const read = {
  shell: (json: object) => core.jsonization.assetAdministrationShellFromJsonable(json as never).mustValue(),
  submodel: (json: object) => core.jsonization.submodelFromJsonable(json as never).mustValue(),
  element: (json: object) => core.jsonization.submodelElementFromJsonable(json as never).mustValue(),
  concept: (json: object) => core.jsonization.conceptDescriptionFromJsonable(json as never).mustValue(),
  reference: (json: object) => core.jsonization.referenceFromJsonable(json as never).mustValue(),
  assetId: (json: object) => core.jsonization.specificAssetIdFromJsonable(json as never).mustValue(),
};

/** The other way. */
export const written = (document: Core.types.Class): unknown => core.jsonization.toJsonable(document);
