import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { HubError } from "../core/errors.ts";
import type { Actor, Right } from "../core/scope.ts";
import type { Secret } from "../core/secret.ts";

export interface ApiKeySetting {
  readonly name: string;
  readonly key?: Secret;
  /** `sha256:` and 64 hex digits. A key has 256 random bits: a slow hash would protect nothing more. */
  readonly hash?: string;
  readonly rights: readonly Right[];
  readonly tenants?: readonly string[];
}

type Headers = Readonly<Record<string, string | undefined>>;

const everything: Actor = { name: "local", rights: ["read", "write", "admin"] };

const digest = (key: string): Buffer => hash("sha256", key, "buffer");

/**
 * Who asks, by `Authorization: Bearer <key>` (RFC 6750), `Token <key>` as clients of InfluxDB say, or `X-API-Key`. Without any key configured everybody who can
 * reach the hub may do everything: `assertMayListen` keeps that to this machine.
 */
export function createAuthentication(settings: readonly ApiKeySetting[]): (headers: Headers) => Actor {
  if (settings.length === 0) return () => everything;
  const keys = settings.map(({ name, key, hash: hashed, rights, tenants }) => ({
    digest: key === undefined ? Buffer.from((hashed ?? "").replace(/^sha256:/, ""), "hex") : digest(key.reveal()),
    actor: tenants === undefined ? { name, rights } : { name, rights, tenants },
  }));
  return (headers) => {
    const given = bearer(headers.authorization) ?? headers["x-api-key"];
    if (given === undefined) {
      throw new HubError(
        "unauthorized",
        "an API key is wanted, as `Authorization: Bearer <key>` or `X-API-Key: <key>`",
      );
    }
    const asked = digest(given);
    // Every key is compared, so that the time taken says nothing of which one was close.
    const known = keys.filter((key) => key.digest.length === asked.length && timingSafeEqual(key.digest, asked));
    const [first] = known;
    if (first === undefined) throw new HubError("unauthorized", "this API key is not known here");
    return first.actor;
  };
}

function bearer(authorization: string | undefined): string | undefined {
  return /^(?:Bearer|Token) +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/** A new key with 256 random bits, and what the configuration keeps of it. */
export function createApiKey(): { readonly key: string; readonly hash: string } {
  const key = `twk_${randomBytes(32).toString("base64url")}`;
  return { key, hash: `sha256:${digest(key).toString("hex")}` };
}
