import { readFile } from "node:fs/promises";
import { connect as connectClient, type IClientOptions, type MqttClient } from "mqtt";
import { HubError } from "../../core/errors.ts";
import { brokerError } from "./broker-error.ts";
import type { MqttSettings } from "./config.ts";

/** Longest packet that the broker may send at all (MQTT 5). */
const MAX_PACKET = 32 * 1024 * 1024;

export interface SessionRequest {
  readonly settings: MqttSettings;
  readonly clientId: string;
  readonly clean: boolean;
  /** Called before the first packet can come. */
  readonly prepare: (client: MqttClient) => void;
}

export interface MqttSession {
  readonly client: MqttClient;
  /** Settles with the reason of a loss. */
  readonly lost: Promise<HubError>;
  /** Says goodbye to the broker, then closes. */
  end(): Promise<void>;
}

/** Opens one session. Throws HubError `unauthorized`, `untrusted`, `unreachable`, `config` or `aborted`. */
export async function openSession(request: SessionRequest, abort: AbortSignal): Promise<MqttSession> {
  const options = await clientOptions(request);
  if (abort.aborted) throw new HubError("aborted", "connecting was aborted");
  const target = new URL(request.settings.url).host;
  const client = connectClient(request.settings.url, options);
  request.prepare(client);
  const session = new Session(client, target);
  const onAbort = (): void => session.fail(new HubError("aborted", `connecting to ${target} was aborted`));
  abort.addEventListener("abort", onAbort, { once: true });
  try {
    const refused = await Promise.race([session.connected, session.lost]);
    if (refused) throw refused;
    return session;
  } finally {
    abort.removeEventListener("abort", onAbort);
  }
}

class Session implements MqttSession {
  readonly client: MqttClient;
  readonly connected: Promise<undefined>;
  readonly lost: Promise<HubError>;
  readonly #settle: (reason: HubError) => void;
  #reason: unknown;

  constructor(client: MqttClient, target: string) {
    const lost = Promise.withResolvers<HubError>();
    const connected = Promise.withResolvers<undefined>();
    this.client = client;
    this.connected = connected.promise;
    this.lost = lost.promise;
    this.#settle = lost.resolve;
    client.once("connect", () => connected.resolve(undefined));
    client.on("error", (error) => {
      this.#reason ??= error;
    });
    client.on("disconnect", (packet) => {
      this.#reason ??= new Error(`the broker ended the session with reason code ${packet.reasonCode ?? 0}`);
    });
    client.on("close", () => {
      // After a refusal the library tells the error behind the close.
      setImmediate(() => this.fail(brokerError(this.#reason, target)));
    });
  }

  fail(reason: HubError): void {
    this.#settle(reason);
    this.client.end(true);
  }

  async end(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.client.end(false, {}, () => resolve());
    });
    const forced = setTimeout(() => this.client.end(true), 500);
    await Promise.race([ended, this.lost]);
    clearTimeout(forced);
    this.client.end(true);
  }
}

async function clientOptions({ settings, clientId, clean }: SessionRequest): Promise<IClientOptions> {
  const { user, password, tls } = settings;
  const five = settings.version === "5";
  return {
    clientId,
    clean,
    protocolVersion: five ? 5 : 4,
    reconnectPeriod: 0,
    resubscribe: false,
    keepalive: settings.keepAlive,
    connectTimeout: settings.timeout,
    rejectUnauthorized: true,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(tls?.servername !== undefined && { servername: tls.servername }),
    ...(tls?.passphrase !== undefined && { passphrase: tls.passphrase }),
    ...(tls?.ca !== undefined && { ca: await pem(tls.ca) }),
    ...(tls?.cert !== undefined && { cert: await pem(tls.cert) }),
    ...(tls?.key !== undefined && { key: await pem(tls.key) }),
    ...(five && {
      properties: {
        receiveMaximum: settings.receiveMaximum,
        maximumPacketSize: MAX_PACKET,
        ...(!clean && { sessionExpiryInterval: settings.sessionExpiry }),
      },
    }),
  };
}

async function pem(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new HubError("config", `${file} cannot be read`, { cause });
  }
}
