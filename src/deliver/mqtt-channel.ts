import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { MqttClient } from "mqtt";
import type { Clock } from "../core/time.ts";
import type { Channel, Message, MqttDelivery, SendResult } from "./delivery-contract.ts";

export interface MqttChannelOptions {
  readonly clock: Clock;
  /** Who checks what an address resolves to; the system's own look-up without it. */
  readonly lookup?: LookupFunction;
  /** Throws HubError `denied-by-egress` where the URL may not be reached. */
  readonly check?: (url: string) => void;
  /** Milliseconds for connecting, and for a message until the broker has acknowledged it. */
  readonly timeout?: number;
}

export interface MqttChannel extends Channel {
  /** Says goodbye to all brokers. */
  close(): Promise<void>;
}

interface Session {
  readonly client: MqttClient;
  readonly connected: Promise<void>;
  usedAt: number;
}

const mostSessions = 32;
const idleAfter = 300_000;
const defaultTimeout = 10_000;
const plain: MqttDelivery = { version: "5", qos: 1 };

/**
 * Publishes to MQTT brokers (3.1.1 and 5): the URL's path is the topic, percent-decoded; the message counts as delivered
 * when the broker has acknowledged it. One session for all messages to a broker by the same user.
 */
export function createMqttChannel({ clock, lookup, check, timeout = defaultTimeout }: MqttChannelOptions): MqttChannel {
  const sessions = new Map<string, Session>();
  const timer = setInterval(() => endIdle(clock.now() - idleAfter), idleAfter / 5).unref();

  function endIdle(since: number): void {
    for (const [key, session] of sessions) if (session.usedAt <= since) end(key, session);
  }

  function end(key: string, { client }: Session): void {
    if (sessions.get(key)?.client === client) sessions.delete(key);
    client.end(true);
  }

  function session(url: URL, how: MqttDelivery): Session {
    const user = how.user ?? (decodeURIComponent(url.username) || undefined);
    const password = how.password ?? (decodeURIComponent(url.password) || undefined);
    const key = JSON.stringify([url.protocol, url.host, how.version, user, password]);
    const known = sessions.get(key);
    if (known !== undefined) {
      known.usedAt = clock.now();
      return known;
    }
    if (sessions.size >= mostSessions) {
      const [oldest] = [...sessions].sort(([, a], [, b]) => a.usedAt - b.usedAt);
      if (oldest !== undefined) end(...oldest);
    }
    const made = open(key, url, how, {
      ...(user === undefined ? {} : { username: user }),
      ...(password === undefined ? {} : { password }),
    });
    sessions.set(key, made);
    return made;
  }

  function open(
    key: string,
    url: URL,
    { version }: MqttDelivery,
    login: { readonly username?: string; readonly password?: string },
  ): Session {
    const { promise: connected, resolve, reject } = Promise.withResolvers<void>();
    const client = new MqttClient(
      () => {
        const socket = socketTo(url);
        // The client keeps most reasons of a socket to itself.
        socket.once("error", reject);
        return socket;
      },
      {
        ...login,
        protocolVersion: version === "5" ? 5 : 4,
        reconnectPeriod: 0,
        connectTimeout: timeout,
        keepalive: 30,
      },
    );
    const made: Session = { client, connected, usedAt: clock.now() };
    client.once("connect", () => resolve());
    client.on("error", reject);
    client.on("close", () => {
      reject(new Error("the broker closed the connection"));
      end(key, made);
    });
    connected.catch(() => end(key, made));
    return made;
  }

  /** The client's own connections resolve names past `lookup`. */
  function socketTo(url: URL): Socket {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const guarded = lookup === undefined ? {} : { lookup };
    if (url.protocol === "mqtt:") return connectTcp({ host, port: Number(url.port || 1883), ...guarded });
    const named = isIP(host) === 0 ? { servername: host } : {};
    return connectTls({ host, port: Number(url.port || 8883), ...named, ...guarded });
  }

  async function publish(url: URL, topic: string, message: Message, abort: AbortSignal): Promise<void> {
    const how = message.mqtt ?? plain;
    const { client, connected } = session(url, how);
    await within(connected, timeout, abort);
    const contentType = message.headers["content-type"];
    const properties = how.version === "5" && contentType !== undefined ? { properties: { contentType } } : {};
    await within(client.publishAsync(topic, message.body, { qos: how.qos, ...properties }), timeout, abort);
  }

  return {
    schemes: ["mqtt:", "mqtts:"],
    async send(message, abort): Promise<SendResult> {
      const url = URL.parse(message.url);
      const topic = topicOf(url);
      if (url === null || topic === undefined) {
        return { ok: false, reason: "the URL names no topic that can be published to", lasting: true, gone: false };
      }
      try {
        check?.(message.url);
      } catch (thrown) {
        return { ok: false, reason: reasonOf(thrown), lasting: true, gone: false };
      }
      try {
        await publish(url, topic, message, abort);
        return { ok: true };
      } catch (thrown) {
        return { ok: false, reason: `${url.host}: ${reasonOf(thrown)}`, lasting: false, gone: false };
      }
    },
    async close() {
      clearInterval(timer);
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.all(open.map(({ client }) => client.endAsync(true).catch(() => undefined)));
    },
  };
}

/** Topics to publish to have no wildcards (MQTT 5.0, 4.7.1). */
function topicOf(url: URL | null): string | undefined {
  try {
    const topic = decodeURIComponent(url?.pathname.slice(1) ?? "");
    return topic === "" || /[#+\0]/.test(topic) ? undefined : topic;
  } catch (thrown) {
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}

/** @throws the promise's reason, or that it took too long or was aborted */
async function within<T>(promise: Promise<T>, ms: number, abort: AbortSignal): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  const onAbort = (): void => late.reject(new Error("the hub is stopping"));
  abort.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
    abort.removeEventListener("abort", onAbort);
  }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
