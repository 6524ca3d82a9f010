import { HubError } from "../../core/errors.ts";

/** The part of an HTTP client that registration needs; the hub gives one that obeys its egress policy. */
export interface RegistryHttp {
  request(
    url: string,
    request: {
      readonly method: "POST" | "PUT" | "DELETE";
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string | undefined;
      readonly abort: AbortSignal;
    },
  ): Promise<{ readonly status: number; readonly body: Uint8Array }>;
}

/** Bases of the services of one outside registry, without a slash at their end: `https://registry.example.org/api/v3.1`. */
export interface OutsideBases {
  readonly shells?: string;
  readonly submodels?: string;
  readonly discovery?: string;
}

/** What is registered: a shell's descriptor, a submodel's, a shell's asset links. */
export type EntryKind = "shell" | "submodel" | "links";

/** `failed` may go another time, `refused` will not until the entry or the registry changes. */
export type Told = { readonly kind: "done" } | { readonly kind: "failed" | "refused"; readonly reason: string };

export interface OutsideClient {
  /** Whether the registry takes entries of this kind. */
  takes(kind: EntryKind): boolean;
  /** Creates or replaces. Rejects only where it is aborted. @param body JSON text */
  put(kind: EntryKind, id: string, body: string, abort: AbortSignal): Promise<Told>;
  /** What is not there is done. */
  remove(kind: EntryKind, id: string, abort: AbortSignal): Promise<Told>;
}

const services = {
  shell: { base: "shells", path: "/shell-descriptors" },
  submodel: { base: "submodels", path: "/submodel-descriptors" },
  links: { base: "discovery", path: "/lookup/shells" },
} as const;

/** Answers after which another try makes sense; a key that is wrong may be put right. */
const passing: ReadonlySet<number> = new Set([401, 408, 425, 429]);
const longestReason = 300;

/** Speaks to registries and a discovery service of IDTA-01002, v3.0 or v3.1. */
export function createOutsideClient(
  bases: OutsideBases,
  headers: Readonly<Record<string, string>>,
  http: RegistryHttp,
): OutsideClient {
  const listOf = (kind: EntryKind): string => `${bases[services[kind].base] ?? ""}${services[kind].path}`;
  const urlOf = (kind: EntryKind, id: string): string =>
    `${listOf(kind)}/${Buffer.from(id, "utf8").toString("base64url")}`;

  async function ask(
    method: "POST" | "PUT" | "DELETE",
    url: string,
    body: string | undefined,
    abort: AbortSignal,
  ): Promise<Told & { readonly status?: number }> {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    try {
      const answer = await http.request(url, { method, headers: { ...headers, ...type }, body, abort });
      const { status } = answer;
      if (status >= 200 && status < 300) return { kind: "done" };
      const said = Buffer.from(answer.body).toString().slice(0, longestReason);
      const reason = `${method} ${url} was answered ${status}${said === "" ? "" : `: ${said}`}`;
      return { kind: status >= 500 || passing.has(status) ? "failed" : "refused", reason, status };
    } catch (thrown) {
      const error = HubError.from(thrown, "unreachable");
      if (error.code === "aborted") throw error;
      return { kind: "failed", reason: error.message };
    }
  }

  return {
    takes: (kind) => bases[services[kind].base] !== undefined,
    async put(kind, id, body, abort) {
      if (kind === "links") return await ask("POST", urlOf(kind, id), body, abort);
      const told = await ask("PUT", urlOf(kind, id), body, abort);
      // A registry of v3.0 replaces with PUT what is there, and nothing else.
      return told.status === 404 || told.status === 405 ? await ask("POST", listOf(kind), body, abort) : told;
    },
    async remove(kind, id, abort) {
      const told = await ask("DELETE", urlOf(kind, id), undefined, abort);
      return told.status === 404 ? { kind: "done" } : told;
    },
  };
}
