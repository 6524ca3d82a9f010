import type { Config } from "../config/load.ts";
import { tenantPath } from "./public-address.ts";

/** Where clients reach the hub. Known for good once it listens, since its port may be a free one. */
export class HubAddress {
  readonly #configured: string | undefined;
  #base: string;

  constructor({ baseUrl, host, port }: Pick<Config["http"], "baseUrl" | "host" | "port">) {
    this.#configured = baseUrl?.replace(/\/+$/, "");
    this.#base = this.#configured ?? `http://${host}:${port}`;
  }

  /** @param url of the server that listens */
  listensAt(url: string): void {
    this.#base = this.#configured ?? url;
  }

  /** Without a trailing slash. */
  get base(): string {
    return this.#base;
  }

  /** Of an API, for one tenant. */
  of(tenant: string, api: string): string {
    return `${this.#base}${tenantPath(tenant)}${api}`;
  }

  isOwn(url: string): boolean {
    return URL.parse(url)?.origin === URL.parse(this.#base)?.origin;
  }
}
