import type { IPublishPacket, MqttClient } from "mqtt";
import { abortable } from "../../core/abortable.ts";
import type { BrowseNode, PointFacts } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import type { Reading } from "../../core/reading.ts";
import type { Value } from "../../core/value.ts";
import type { Connection, ConnectorContext, Sink, TagProblem, TagRequest } from "../contract.ts";
import { parseMqttAddress } from "./address.ts";
import { browseTopics, look } from "./browse.ts";
import { ownClientId } from "./client-id.ts";
import { commandPayload } from "./command.ts";
import type { MqttSettings } from "./config.ts";
import { holdAcknowledgements } from "./held-acknowledgements.ts";
import { Inbox, type Message } from "./inbox.ts";
import type { Arrival, Tag } from "./payload.ts";
import { publishCommand } from "./publish.ts";
import { type MqttSession, openSession } from "./session.ts";
import { subscribeFilters } from "./subscribe.ts";
import { TopicTable } from "./topic-table.ts";

/** One session with a broker. */
export class MqttConnection implements Connection {
  readonly lost: Promise<HubError | undefined>;
  readonly #settings: MqttSettings;
  readonly #context: ConnectorContext;
  readonly #clientId: string;
  readonly #table: TopicTable;
  readonly #inbox: Inbox;
  readonly #session: MqttSession;
  readonly #ended = Promise.withResolvers<HubError | undefined>();
  #closing: Promise<void> | undefined;
  #covered = false;

  private constructor(parts: Parts) {
    this.#settings = parts.settings;
    this.#context = parts.context;
    this.#clientId = parts.clientId;
    this.#table = parts.table;
    this.#inbox = parts.inbox;
    this.#session = parts.session;
    this.lost = this.#ended.promise;
    void parts.failed.then((error) => this.#end(HubError.from(error)));
    void parts.session.lost.then((reason) => this.#end(reason));
    this.#keepAliveWhileHeldBack();
  }

  static async open(
    settings: MqttSettings,
    context: ConnectorContext,
    sink: Sink,
    abort: AbortSignal,
  ): Promise<MqttConnection> {
    const { source, clock } = context;
    const clientId = settings.clientId ?? (await ownClientId(source, context.dataDir));
    const table = new TopicTable(settings.topics);
    const failed = Promise.withResolvers<unknown>();
    let acknowledge: (packet: IPublishPacket) => void = () => undefined;
    const inbox = new Inbox(
      {
        decode: (message) => decode(table, message, { source, maxPayload: settings.maxPayload }),
        push: (readings) => sink.push(readings),
        acknowledge: (packet) => acknowledge(packet),
        failed: failed.resolve,
      },
      settings.receiveMaximum * 2,
    );
    const prepare = (client: MqttClient): void => {
      acknowledge = holdAcknowledgements(client, (packet, next) =>
        inbox.offer({ packet, receivedTime: clock.now() }, next),
      );
    };
    const session = await openSession({ settings, clientId, clean: settings.clean, prepare }, abort);
    return new MqttConnection({ settings, context, clientId, table, inbox, session, failed: failed.promise });
  }

  async subscribe(requests: readonly TagRequest[], abort: AbortSignal): Promise<readonly TagProblem[]> {
    this.#mustBeOpen(abort);
    const problems: TagProblem[] = [];
    const byTopic = new Map<string, string[]>();
    for (const { tag } of requests) {
      const parsed = toTag(tag);
      if (parsed instanceof HubError) {
        problems.push({ tag, error: parsed });
        continue;
      }
      this.#table.add(parsed);
      const { topic } = parsed.address;
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), tag]);
    }
    this.#inbox.open();
    // A topic under a filter of the configuration is subscribed to by itself once the filter has been: its retained
    // message came with the filter, when the point was not known yet.
    const own = [...byTopic.keys()].filter((topic) => this.#covered || !this.#table.isCovered(topic));
    const filters = this.#covered ? own : [...this.#settings.topics, ...own];
    this.#covered = true;
    const refused = await abortable(subscribeFilters(this.#session, filters, this.#settings.qos), abort);
    for (const [filter, error] of refused) {
      for (const tag of byTopic.get(filter) ?? []) problems.push({ tag, error });
      if (!byTopic.has(filter))
        this.#context.log.warn("the broker refused a topic filter", { filter, reason: error.message });
    }
    return problems;
  }

  async unsubscribe(tags: readonly string[]): Promise<void> {
    const topics: string[] = [];
    for (const tag of tags) {
      const parsed = toTag(tag);
      const topic = parsed instanceof HubError ? undefined : this.#table.remove(parsed);
      if (topic !== undefined) topics.push(topic);
    }
    if (topics.length === 0 || this.#closing || !this.#session.client.connected) return;
    await Promise.race([this.#session.client.unsubscribeAsync(topics), this.#session.lost]);
  }

  /** The last message is what a topic is. Points without one yet are looked for among the retained messages. */
  async read(tags: readonly string[], abort: AbortSignal): Promise<readonly Reading[]> {
    this.#mustBeOpen(abort);
    const { source, clock } = this.#context;
    const unseen: Tag[] = [];
    const readings = new Map<string, Reading>();
    for (const tag of tags) {
      const parsed = toTag(tag);
      const last = this.#table.last(tag);
      const code = parsed instanceof HubError ? "InvalidAddress" : "BadWaitingForInitialData";
      readings.set(tag, last ?? { source, tag, value: null, quality: "bad", code, receivedTime: clock.now() });
      if (!last && !(parsed instanceof HubError)) unseen.push(parsed);
    }
    if (unseen.length > 0) await this.#readRetained(unseen, readings, abort);
    return [...readings.values()];
  }

  async write(tag: string, value: Value, abort: AbortSignal): Promise<void> {
    this.#mustBeOpen(abort);
    const parsed = toTag(tag);
    if (parsed instanceof HubError) throw parsed;
    const { command, template } = parsed.address;
    if (command === undefined) throw new HubError("read-only", `${tag} has no command topic to write to`);
    const payload = commandPayload(value, template);
    await abortable(publishCommand(this.#session, command, payload, this.#settings.timeout), abort);
  }

  async browse(pattern: string, limit: number, abort: AbortSignal): Promise<readonly BrowseNode[]> {
    this.#mustBeOpen(abort);
    return await abortable(browseTopics(this.#settings, `${this.#clientId}-browse`, pattern, limit, abort), abort);
  }

  /** A broker knows nothing of what its topics mean. */
  async facts(): Promise<ReadonlyMap<string, PointFacts>> {
    return new Map();
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.race([this.#inbox.close(), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
    await this.#session.end();
    this.#ended.resolve(undefined);
  }

  #end(reason: HubError): void {
    if (!this.#closing) this.#ended.resolve(reason);
    void this.close();
  }

  async #readRetained(tags: readonly Tag[], readings: Map<string, Reading>, abort: AbortSignal): Promise<void> {
    const table = new TopicTable([]);
    for (const tag of tags) table.add(tag);
    const topics = new Set(tags.map(({ address }) => address.topic));
    const glimpse = (topic: string, payload: Buffer): "new" | "enough" => {
      const arrival = {
        source: this.#context.source,
        receivedTime: this.#context.clock.now(),
        maxPayload: this.#settings.maxPayload,
      };
      for (const reading of table.read(topic, payload, arrival) ?? []) readings.set(reading.tag, reading);
      topics.delete(topic);
      return topics.size === 0 ? "enough" : "new";
    };
    await abortable(look(this.#settings, `${this.#clientId}-read`, [...topics], glimpse, abort), abort);
  }

  /** While nothing is taken from the stream the broker's ping answers are not seen either. */
  #keepAliveWhileHeldBack(): void {
    const { client } = this.#session;
    const timer = setInterval(() => {
      if (!this.#inbox.full || !client.connected) return;
      client.sendPing();
      client.reschedulePing(true);
    }, this.#settings.keepAlive * 400);
    void this.lost.then(() => clearInterval(timer));
  }

  #mustBeOpen(abort: AbortSignal): void {
    if (abort.aborted) throw new HubError("aborted", "the request was aborted");
    if (this.#closing || !this.#session.client.connected) throw new HubError("unreachable", "the connection is closed");
  }
}

interface Parts {
  readonly settings: MqttSettings;
  readonly context: ConnectorContext;
  readonly clientId: string;
  readonly table: TopicTable;
  readonly inbox: Inbox;
  readonly session: MqttSession;
  /** Resolves with the error for which the hub takes no more readings. */
  readonly failed: Promise<unknown>;
}

function toTag(tag: string): Tag | HubError {
  const address = parseMqttAddress(tag);
  return "problem" in address ? new HubError("invalid", address.problem.message) : { tag, address };
}

function decode(
  table: TopicTable,
  { packet, receivedTime }: Message,
  about: Omit<Arrival, "receivedTime">,
): readonly Reading[] {
  const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
  return table.read(packet.topic, payload, { ...about, receivedTime }) ?? [];
}
