import { abortable } from "../../core/abortable.ts";
import type { PointFacts } from "../../core/browse.ts";
import { HubError } from "../../core/errors.ts";
import type { Reading } from "../../core/reading.ts";
import type { Value } from "../../core/value.ts";
import type { Connection, ConnectorContext, Sink, TagProblem, TagRequest } from "../contract.ts";
import { isWritable, parseModbusAddress } from "./address.ts";
import type { ModbusSettings } from "./config.ts";
import { ModbusFault, NO_ANSWER } from "./fault.ts";
import { isBitTable, type ModbusAddress, registersOf } from "./point-address.ts";
import { MIN_INTERVAL_MS, Poller } from "./poller.ts";
import { type Point, type ReadEnvironment, readPoints } from "./read-points.ts";
import { encodeRegisters } from "./registers.ts";
import type { ModbusSession } from "./session.ts";

/** Polls the points of one session, and writes between two requests of a poll. */
export class ModbusConnection implements Connection {
  readonly lost: Promise<HubError | undefined>;
  readonly #config: ModbusSettings;
  readonly #context: ConnectorContext;
  readonly #session: ModbusSession;
  readonly #sink: Sink;
  readonly #poller: Poller;
  readonly #closing = new AbortController();
  readonly #cuts = new Set<string>();
  #tellSkippedFrom = 1;

  constructor(config: ModbusSettings, context: ConnectorContext, session: ModbusSession, sink: Sink) {
    this.#config = config;
    this.#context = context;
    this.#session = session;
    this.#sink = sink;
    this.lost = session.lost;
    this.#poller = new Poller((points) => this.#poll(points), this.#closing.signal);
    void this.#poller.run().catch((error: unknown) => this.#stop(error));
    void session.lost.then(() => this.#closing.abort());
  }

  async subscribe(tags: readonly TagRequest[], abort: AbortSignal): Promise<readonly TagProblem[]> {
    this.#mustBeOpen(abort);
    const problems: TagProblem[] = [];
    const byInterval = Map.groupBy(tags, (request) =>
      Math.max(MIN_INTERVAL_MS, request.interval ?? this.#config.interval),
    );
    for (const [interval, requests] of byInterval) {
      const points: Point[] = [];
      for (const { tag } of requests) {
        const point = this.#point(tag);
        if (point instanceof HubError) problems.push({ tag, error: point });
        else points.push(point);
      }
      if (points.length > 0) this.#poller.add(points, interval);
    }
    return problems;
  }

  async unsubscribe(tags: readonly string[]): Promise<void> {
    for (const tag of tags) this.#poller.remove(tag);
  }

  async read(tags: readonly string[], abort: AbortSignal): Promise<readonly Reading[]> {
    this.#mustBeOpen(abort);
    const points: Point[] = [];
    const readings: Reading[] = [];
    for (const tag of tags) {
      const point = this.#point(tag);
      if (point instanceof HubError) {
        const { source, clock } = this.#context;
        readings.push({ source, tag, value: null, quality: "bad", code: "InvalidAddress", receivedTime: clock.now() });
      } else {
        points.push(point);
      }
    }
    const environment = this.#reading(() => this.#mustBeOpen(abort));
    readings.push(...(await abortable(readPoints(points, environment), abort)));
    return readings;
  }

  async write(tag: string, value: Value, abort: AbortSignal): Promise<void> {
    this.#mustBeOpen(abort);
    const point = this.#point(tag);
    if (point instanceof HubError) throw point;
    if (!isWritable(point.address)) {
      throw new HubError("read-only", `${tag} cannot be written: only coils and whole holding registers can`);
    }
    try {
      await abortable(this.#send(point.address, value), abort);
    } catch (thrown) {
      throw thrown instanceof ModbusFault ? thrown.error : thrown;
    }
  }

  async browse(): Promise<never> {
    throw new HubError("unsupported", "a Modbus device does not say what it has: list its registers in the mapping");
  }

  async facts(): Promise<ReadonlyMap<string, PointFacts>> {
    return new Map();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#session.close();
  }

  async #poll(points: readonly Point[]): Promise<void> {
    const check = (): void => this.#closing.signal.throwIfAborted();
    const readings = await readPoints(points, this.#reading(check));
    check();
    await this.#sink.push(readings);
    this.#tellSkipped();
    if (readings.some((reading) => reading.code !== NO_ANSWER)) this.#sink.alive();
  }

  /** Said at 1, 2, 4, … skipped polls: seen at once, and no flood. */
  #tellSkipped(): void {
    const { skipped } = this.#poller;
    if (skipped < this.#tellSkippedFrom) return;
    this.#tellSkippedFrom = skipped * 2;
    this.#context.log.warn("the device is slower than the poll interval", { skippedPolls: skipped });
  }

  /** The poller ends with the session, or because the hub stops taking readings. */
  #stop(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#context.log.warn("polling has stopped", { reason: HubError.from(error).message });
    this.#session.close();
  }

  async #send(address: ModbusAddress, value: Value): Promise<void> {
    if (isBitTable(address.table)) {
      await this.#session.writeCoil(address.address, onOrOff(value));
      return;
    }
    const registers = encodeRegisters(value, address);
    if (registers.length === 2 && !this.#config.writeMultiple) {
      await this.#session.writeRegister(address.address, registers.readUInt16BE());
    } else {
      await this.#session.writeRegisters(address.address, registers);
    }
  }

  #reading(check: () => void): ReadEnvironment {
    const { source, clock } = this.#context;
    const { maxRegisters, maxBits, maxGap } = this.#config;
    const limits = { maxRegisters, maxBits, maxGap, cuts: this.#cuts };
    return { source, now: () => clock.now(), read: (block) => this.#session.read(block), check, limits };
  }

  #point(tag: string): Point | HubError {
    const address = parseModbusAddress(tag, this.#config);
    if ("problem" in address) return new HubError("invalid", address.problem.message);
    return { tag, table: address.table, start: address.address, length: registersOf(address), address };
  }

  #mustBeOpen(abort: AbortSignal): void {
    if (abort.aborted) throw new HubError("aborted", "the request was aborted");
    if (this.#closing.signal.aborted) throw new HubError("unreachable", "the connection is closed");
  }
}

function onOrOff(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  throw new HubError("invalid", "a coil takes true or false");
}
