import type { DataChangeNotification, DataValue, NodeId, PublishResponse } from "node-opcua-client";
import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { Reading } from "../../core/reading.ts";
import type { Clock } from "../../core/time.ts";
import type { Sink, TagProblem } from "../contract.ts";
import type { OpcuaSettings } from "./config.ts";
import { toReading } from "./decode.ts";
import { faultStatus, refused, translate } from "./errors.ts";
import type { OpcuaLibrary } from "./library.ts";
import type { RawSession } from "./raw-session.ts";
import { inChunks, type OperationLimits } from "./requests.ts";
import { codeName as nameOf, overflowed } from "./status.ts";

export interface MonitoredTag {
  readonly tag: string;
  readonly node: NodeId;
  readonly interval: number | undefined;
}

export interface SubscriptionOptions {
  readonly source: string;
  readonly session: RawSession;
  readonly library: OpcuaLibrary;
  readonly settings: OpcuaSettings;
  readonly limits: OperationLimits;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly log: Logger;
  /** The session is of no use any more. */
  readonly lost: (error: HubError) => void;
}

/**
 * Publish requests that wait at the server or whose answer is being committed: enough to bridge the way there and a
 * commit. Full answers to all of them fit into the intake.
 */
const PIPELINE = 8;
const MAX_NOTIFICATIONS = 2_500;
/** Lifetime in keep-alives: a hub that is held back for a minute still finds its subscription. */
const LIFETIME_KEEP_ALIVES = 12;
/** Server_ServerStatus_CurrentTime: it changes each second, so that a live subscription has something to say each second. */
const CURRENT_TIME = "i=2258";
const WATCHDOG_HANDLE = 0;
const VALUE_ATTRIBUTE = 13;
const REPORTING = 2;
const BOTH_TIMESTAMPS = 2;

/** One subscription: its points, the Publish requests that carry their changes, and the watch over its life. */
export class OpcuaSubscription {
  readonly #options: SubscriptionOptions;
  readonly #tags = new Map<number, string>();
  readonly #items = new Map<string, { readonly handle: number; readonly id: number }>();
  #id = 0;
  #nextHandle = WATCHDOG_HANDLE + 1;
  #acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];
  #pending = 0;
  /** Answers that are not committed yet: each holds its request back, so that a slow store slows the server down. */
  #held = 0;
  #pipeline = PIPELINE;
  #closed = false;
  #lastAnswer = 0;
  #watch: NodeJS.Timeout | undefined;
  #timeoutHint = 0;
  /** Values that the server says it has thrown away because a point's queue was full. */
  overflows = 0;
  /** Notifications with a structure whose type the server does not describe. */
  unreadStructures = 0;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { session, settings } = this.#options;
    const keepAliveCount = Math.max(1, Math.round(settings.keepAlive / settings.publishingInterval));
    const created = await session.createSubscription({
      requestedPublishingInterval: settings.publishingInterval,
      requestedMaxKeepAliveCount: keepAliveCount,
      requestedLifetimeCount: keepAliveCount * LIFETIME_KEEP_ALIVES,
      maxNotificationsPerPublish: MAX_NOTIFICATIONS,
      publishingEnabled: true,
      priority: 1,
    });
    this.#id = created.subscriptionId;
    const silence = created.revisedPublishingInterval * created.revisedMaxKeepAliveCount;
    this.#lastAnswer = performance.now();
    // A waiting Publish request must outlive the silence of all that wait before it.
    this.#timeoutHint = Math.min(0x7fffffff, Math.round((silence * 2 + settings.requestTimeout) * PIPELINE));
    await this.#watchServerTime();
    this.#watchSilence(silence * 2 + Math.min(settings.requestTimeout, settings.keepAlive));
    this.#publishMore();
  }

  /** Adds monitored items; a point that the server refuses is a problem of that point. */
  async add(tags: readonly MonitoredTag[], abort: AbortSignal): Promise<TagProblem[]> {
    const { session, settings, limits } = this.#options;
    const problems: TagProblem[] = [];
    await inChunks(tags, limits.monitor, abort, async (chunk) => {
      const requests = chunk.map(({ node, tag, interval }) => {
        const handle = this.#nextHandle;
        this.#nextHandle += 1;
        // Known before the answer: the first value may overtake it.
        this.#tags.set(handle, tag);
        return this.#request(node, handle, interval ?? settings.samplingInterval, settings.queueSize);
      });
      const response = await session.createMonitoredItems({
        subscriptionId: this.#id,
        timestampsToReturn: BOTH_TIMESTAMPS,
        itemsToCreate: requests,
      });
      chunk.forEach(({ tag }, index) => {
        const handle = requests[index]?.requestedParameters.clientHandle ?? -1;
        const result = response.results?.[index];
        if (result?.statusCode.value === 0) this.#items.set(tag, { handle, id: result.monitoredItemId });
        else {
          this.#tags.delete(handle);
          const error =
            result === undefined
              ? new HubError("device-refused", "the server said nothing of it")
              : refused(tag, result.statusCode);
          problems.push({ tag, error });
        }
      });
      return [];
    });
    return problems;
  }

  async remove(tags: readonly string[], abort: AbortSignal): Promise<void> {
    const { session, limits } = this.#options;
    const ids: number[] = [];
    for (const tag of tags) {
      const item = this.#items.get(tag);
      if (item === undefined) continue;
      this.#items.delete(tag);
      this.#tags.delete(item.handle);
      ids.push(item.id);
    }
    await inChunks(ids, limits.monitor, abort, async (monitoredItemIds) => {
      await session.deleteMonitoredItems({ subscriptionId: this.#id, monitoredItemIds });
      return [];
    });
  }

  /** No more requests; what was committed is acknowledged by the deletion of the subscription itself. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#watch);
  }

  #request(nodeId: NodeId, clientHandle: number, samplingInterval: number, queueSize: number) {
    return {
      itemToMonitor: { nodeId, attributeId: VALUE_ATTRIBUTE },
      monitoringMode: REPORTING,
      requestedParameters: { clientHandle, samplingInterval, queueSize, discardOldest: true },
    };
  }

  async #watchServerTime(): Promise<void> {
    const { session, library, settings } = this.#options;
    const node = library.client.coerceNodeId(CURRENT_TIME);
    // A server that refuses it still sends keep-alives.
    await session.createMonitoredItems({
      subscriptionId: this.#id,
      timestampsToReturn: BOTH_TIMESTAMPS,
      itemsToCreate: [this.#request(node, WATCHDOG_HANDLE, Math.min(1_000, settings.keepAlive / 2), 1)],
    });
  }

  #watchSilence(limit: number): void {
    this.#watch = setInterval(
      () => {
        // While the hub holds every request back, the server has nothing to answer.
        if (this.#pending === 0 || performance.now() - this.#lastAnswer < limit) return;
        this.#fail(new HubError("unreachable", `the server has been silent for ${Math.round(limit)} ms`));
      },
      Math.min(500, limit / 4),
    );
  }

  #publishMore(): void {
    while (!this.#closed && this.#pending + this.#held < this.#pipeline) this.#publish();
  }

  #publish(): void {
    const { session, library } = this.#options;
    const subscriptionAcknowledgements = this.#acknowledgements;
    this.#acknowledgements = [];
    this.#pending += 1;
    const request = new library.client.PublishRequest({
      requestHeader: { timeoutHint: this.#timeoutHint },
      subscriptionAcknowledgements,
    });
    session.publish(request, (thrown, response) => {
      this.#pending -= 1;
      if (this.#closed) return;
      if (thrown || response === undefined) this.#refused(thrown);
      else void this.#answered(response);
    });
  }

  #refused(thrown: Error | null): void {
    const name = statusName(thrown);
    if (this.#pending > 0 && name === "BadTooManyPublishRequests") {
      this.#pipeline = this.#pending;
      return;
    }
    // The server has thrown an old request out: the others still wait, and the next answer brings a new one.
    if (this.#pending > 0 && name === "BadTimeout") return;
    this.#fail(translate("the subscription is over", thrown));
  }

  async #answered(response: PublishResponse): Promise<void> {
    this.#lastAnswer = performance.now();
    this.#held += 1;
    const { sequenceNumber, notificationData } = response.notificationMessage;
    try {
      const readings = await this.#readings(notificationData ?? []);
      if (readings.length === 0) this.#options.sink.alive();
      else await this.#options.sink.push(readings);
    } catch (thrown) {
      // The supervisor knows why it refused; without the acknowledgement nothing is lost here.
      this.#fail(HubError.from(thrown));
      return;
    }
    this.#held -= 1;
    const carried = (notificationData?.length ?? 0) > 0;
    if (carried) this.#acknowledgements.push({ subscriptionId: response.subscriptionId, sequenceNumber });
    this.#lastAnswer = performance.now();
    this.#publishMore();
  }

  async #readings(
    notifications: NonNullable<PublishResponse["notificationMessage"]["notificationData"]>,
  ): Promise<Reading[]> {
    const { source, clock, library } = this.#options;
    const readings: Reading[] = [];
    const now = clock.now();
    for (const notification of notifications) {
      if (notification instanceof library.client.StatusChangeNotification) {
        throw refused("the server has ended the subscription", notification.status);
      }
      if (!(notification instanceof library.client.DataChangeNotification)) continue;
      const items = notification.monitoredItems ?? [];
      if (items.some(({ value }) => hasStructure(value))) {
        await this.#readStructures(notification);
      }
      for (const { clientHandle, value } of items) {
        const tag = this.#tags.get(clientHandle);
        if (tag === undefined) continue;
        if (overflowed(value.statusCode)) this.#overflowed(tag);
        readings.push(toReading(source, tag, value, now));
      }
    }
    return readings;
  }

  /** A structure whose type the server does not describe stays as it came: type id and octets. It ends no session. */
  async #readStructures(notification: DataChangeNotification): Promise<void> {
    const { library, session, source, log } = this.#options;
    try {
      await library.client.promoteOpaqueStructureInNotificationData(session, [notification]);
    } catch (thrown) {
      this.unreadStructures += 1;
      if (this.unreadStructures > 1) return;
      log.warn("a structure cannot be read", { source, error: translate("its type is not described", thrown).message });
    }
  }

  #overflowed(tag: string): void {
    this.overflows += 1;
    if (this.overflows > 1) return;
    const { log, source } = this.#options;
    log.warn("the server's queue of a point was full and values are lost; a larger queueSize helps", { source, tag });
  }

  #fail(error: HubError): void {
    if (this.#closed) return;
    this.close();
    this.#options.lost(error);
  }
}

const EXTENSION_OBJECT = 22;
const VARIANT = 24;

function hasStructure(value: DataValue): boolean {
  const type: number | undefined = value.value?.dataType;
  return type === EXTENSION_OBJECT || type === VARIANT;
}

function statusName(thrown: unknown): string | undefined {
  const status = faultStatus(thrown);
  return status === undefined ? undefined : nameOf(status);
}
