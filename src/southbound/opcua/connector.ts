import { join } from "node:path";
import type { OPCUAClient, OPCUAClientOptions, UserIdentityInfo } from "node-opcua-client";
import { HubError } from "../../core/errors.ts";
import type { Connection, Connector, ConnectorContext, Sink, TrustInbox } from "../contract.ts";
import type { OpcuaSettings } from "./config.ts";
import { OpcuaConnection } from "./connection.ts";
import { type ChosenEndpoint, chooseEndpoint, refuseDowngrade } from "./endpoint.ts";
import { translate } from "./errors.ts";
import { loadLibrary, type OpcuaLibrary } from "./library.ts";
import { Pki } from "./pki.ts";
import { rawSession } from "./raw-session.ts";
import { readOperationLimits } from "./requests.ts";
import { AddressSpace } from "./resolve.ts";
import { OpcuaSubscription } from "./subscription.ts";

/** How long a good-bye may take: a server that is gone does not answer it. */
const GOODBYE_MS = 1_000;
const SESSION_TIMEOUT = 120_000;

/** Sessions with one OPC UA server. Reconnecting is left to the supervisor: each session starts from nothing. */
export class OpcuaConnector implements Connector {
  readonly trust: TrustInbox;
  readonly #settings: OpcuaSettings;
  readonly #context: ConnectorContext;
  readonly #pki: Pki;

  constructor(settings: OpcuaSettings, context: ConnectorContext) {
    this.#settings = settings;
    this.#context = context;
    this.#pki = new Pki(join(context.dataDir, "pki"));
    this.trust = this.#pki;
  }

  async connect(sink: Sink, abort: AbortSignal): Promise<Connection> {
    const library = await loadLibrary();
    const manager = await this.#pki.open();
    const base = await this.#baseOptions(manager);
    try {
      const endpoint = await this.#choose(library, base, abort);
      await this.#checkTrust(manager, endpoint);
      return await this.#openSession(library, { ...base, ...secured(endpoint) }, endpoint, sink, abort);
    } finally {
      await manager.dispose();
    }
  }

  async #baseOptions(
    manager: NonNullable<OPCUAClientOptions["clientCertificateManager"]>,
  ): Promise<OPCUAClientOptions> {
    return {
      applicationName: this.#pki.applicationName,
      applicationUri: await this.#pki.applicationUri(),
      clientName: `${this.#pki.applicationName} ${this.#context.source}`,
      clientCertificateManager: manager,
      certificateFile: this.#pki.certificateFile,
      privateKeyFile: this.#pki.privateKeyFile,
      // After a restart with shifted namespaces the library's own reconnection restores a session that delivers nothing.
      connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
      endpointMustExist: false,
      keepSessionAlive: false,
      requestedSessionTimeout: SESSION_TIMEOUT,
      transportTimeout: this.#settings.requestTimeout,
      defaultTransactionTimeout: this.#settings.requestTimeout,
    };
  }

  async #choose(library: OpcuaLibrary, base: OPCUAClientOptions, abort: AbortSignal): Promise<ChosenEndpoint> {
    const client = library.client.OPCUAClient.create(base);
    const offered = await this.#dial(client, abort, () => client.getEndpoints());
    await client.disconnect();
    const chosen = chooseEndpoint(offered, this.#settings);
    refuseDowngrade(chosen, this.#settings, await this.#pki.trustsAny());
    return chosen;
  }

  /** Before a password is encrypted with the server's key, somebody must have said that the key is the server's. */
  async #checkTrust(manager: Parameters<Pki["check"]>[0], endpoint: ChosenEndpoint): Promise<void> {
    const { security, user } = this.#settings;
    if (endpoint.mode === "None" && (security === "None" || user === undefined)) return;
    if (endpoint.certificate === undefined) throw new HubError("untrusted", "the server shows no certificate");
    await this.#pki.check(manager, endpoint.certificate);
  }

  async #openSession(
    library: OpcuaLibrary,
    options: OPCUAClientOptions,
    endpoint: ChosenEndpoint,
    sink: Sink,
    abort: AbortSignal,
  ): Promise<Connection> {
    const { source, clock, log } = this.#context;
    const client = library.client.OPCUAClient.create(options);
    const lost = Promise.withResolvers<HubError | undefined>();
    const shutDown = (): Promise<void> => this.#shutDown(client);
    return this.#dial(client, abort, async () => {
      const session = rawSession(await client.createSession(this.#identity(library)));
      const namespaces = await session.readNamespaceArray();
      const limits = await readOperationLimits(session);
      const space = new AddressSpace(session, library, namespaces, limits);
      const settings = this.#settings;
      const subscription = new OpcuaSubscription({
        ...{ source, session, library, settings, limits, sink, clock, log },
        lost: lost.resolve,
      });
      const gone = (): void => {
        subscription.close();
        lost.resolve(new HubError("unreachable", "the connection was lost"));
      };
      client.on("connection_lost", gone);
      client.on("close", gone);
      session.on("session_closed", gone);
      await subscription.open();
      log.info("OPC UA session", {
        source,
        policy: endpoint.policy,
        mode: endpoint.mode,
        namespaces: namespaces.length,
      });
      return new OpcuaConnection({
        source,
        client,
        session,
        library,
        limits,
        space,
        subscription,
        clock,
        lost,
        shutDown,
      });
    });
  }

  /** Connects and works; whatever fails, nothing of the client stays behind. */
  async #dial<Result>(client: OPCUAClient, abort: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    const onAbort = (): void => void this.#shutDown(client);
    try {
      abort.throwIfAborted();
      abort.addEventListener("abort", onAbort);
      await client.connect(this.#settings.endpoint);
      return await work();
    } catch (thrown) {
      await this.#shutDown(client);
      throw abort.aborted ? HubError.from(abort.reason, "aborted") : translate(this.#settings.endpoint, thrown);
    } finally {
      abort.removeEventListener("abort", onAbort);
    }
  }

  #identity(library: OpcuaLibrary): UserIdentityInfo {
    const { user, password } = this.#settings;
    const { UserTokenType } = library.client;
    if (user === undefined) return { type: UserTokenType.Anonymous };
    return { type: UserTokenType.UserName, userName: user, password: password ?? "" };
  }

  async #shutDown(client: OPCUAClient): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GOODBYE_MS);
    const goodbye = client.disconnect().catch((thrown: unknown) => {
      const { source, log } = this.#context;
      log.debug("the server did not say good-bye", { source, error: HubError.from(thrown).message });
    });
    await Promise.race([goodbye, late]);
    clearTimeout(timer);
  }
}

function secured(endpoint: ChosenEndpoint): OPCUAClientOptions {
  return {
    securityPolicy: endpoint.policyUri,
    securityMode: endpoint.mode,
    ...(endpoint.certificate && { serverCertificate: Buffer.from(endpoint.certificate) }),
  };
}
