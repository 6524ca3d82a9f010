import { HubError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import { isoTime } from "../../core/time.ts";
import type { RecordPort } from "../../store/contract.ts";
import { isObject, parseJson, stringifyJson } from "../json/json.ts";
import { type NotificationStatus, neverNotified } from "./subscription.ts";

const FLUSH_MS = 1_000;

/** Counters of notifications, kept in memory and written at most once a second: they are not worth a sync each. */
export class NotificationStatusBook {
  readonly #records: RecordPort;
  readonly #log: Logger;
  readonly #known = new Map<string, NotificationStatus>();
  readonly #dirty = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(records: RecordPort, log: Logger) {
    this.#records = records;
    this.#log = log;
  }

  async load(id: string): Promise<void> {
    const row = await this.#records.get(id);
    const json = row === undefined ? undefined : parseJson(row.body);
    if (isObject(json)) this.#known.set(id, { ...neverNotified, ...json } as NotificationStatus);
  }

  of(id: string): NotificationStatus {
    return this.#known.get(id) ?? neverNotified;
  }

  /** When the last notification went, in ms. */
  lastAt(id: string): number | undefined {
    const { lastNotification } = this.of(id);
    return lastNotification === undefined ? undefined : Date.parse(lastNotification);
  }

  /**
   * CIM 009 5.8.6: after each try to send a notification. One that is tried again counts once, as sent and as failed;
   * the times are those of the last try.
   */
  sent(
    id: string,
    { ok, at, isFirst }: { readonly ok: boolean; readonly at: number; readonly isFirst: boolean },
  ): void {
    const known = this.of(id);
    const time = isoTime(at);
    this.#known.set(id, {
      ...known,
      timesSent: known.timesSent + (isFirst ? 1 : 0),
      timesFailed: known.timesFailed + (isFirst && !ok ? 1 : 0),
      status: ok ? "ok" : "failed",
      lastNotification: time,
      ...(ok ? { lastSuccess: time } : { lastFailure: time }),
    });
    this.#dirty.add(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch((thrown) =>
        this.#log.warn("notification counters were not kept", { reason: HubError.from(thrown).message }),
      );
    }, FLUSH_MS).unref();
  }

  async forget(id: string): Promise<void> {
    this.#known.delete(id);
    this.#dirty.delete(id);
    await this.#records.delete(id);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = [...this.#dirty];
    this.#dirty.clear();
    await Promise.all(ids.map((id) => this.#records.put(id, stringifyJson({ ...this.of(id) }), Date.now())));
  }
}
