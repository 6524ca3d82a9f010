import type { Reading } from "../../core/reading.ts";
import { type Arrival, readPayload, type Tag } from "./payload.ts";
import { filterCovers } from "./topic.ts";

/** The points by topic, what they were last, and the filters that their topics need. */
export class TopicTable {
  readonly #topics: readonly string[];
  readonly #byTopic = new Map<string, Map<string, Tag>>();
  readonly #last = new Map<string, Reading>();

  /** `topics`: the filters that are subscribed to anyway. */
  constructor(topics: readonly string[]) {
    this.#topics = topics;
  }

  add(tag: Tag): void {
    const tags = this.#byTopic.get(tag.address.topic) ?? new Map<string, Tag>();
    tags.set(tag.tag, tag);
    this.#byTopic.set(tag.address.topic, tags);
  }

  /** Gives the topic, where no point needs it any more. */
  remove({ tag, address }: Tag): string | undefined {
    const tags = this.#byTopic.get(address.topic);
    this.#last.delete(tag);
    if (!tags?.delete(tag) || tags.size > 0) return undefined;
    this.#byTopic.delete(address.topic);
    return address.topic;
  }

  /** Whether a topic comes without a subscription of its own. */
  isCovered(topic: string): boolean {
    return this.#topics.some((filter) => filterCovers(filter, topic));
  }

  /** The readings of one message; undefined where no point has its topic. */
  read(topic: string, payload: Buffer, arrival: Arrival): readonly Reading[] | undefined {
    const tags = this.#byTopic.get(topic);
    if (!tags) return undefined;
    const readings = readPayload(payload, [...tags.values()], arrival);
    for (const reading of readings) this.#last.set(reading.tag, reading);
    return readings;
  }

  last(tag: string): Reading | undefined {
    return this.#last.get(tag);
  }
}
