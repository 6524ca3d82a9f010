/** What is wrong with a topic name (MQTT 5.0, 4.7), if anything is. */
export function topicProblem(topic: string): string | undefined {
  if (topic === "") return "the topic is empty";
  if (/[+#]/.test(topic)) return `${topic}: a point has one topic, without + and #`;
  if (topic.includes("\0")) return "a topic has no null character";
  return Buffer.byteLength(topic) > 65_535 ? "a topic has at most 65535 octets" : undefined;
}

/** Whether a filter (with + and #) covers a topic. Topics that begin with $ are not covered by a leading wildcard. */
export function filterCovers(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  if (topic.startsWith("$") && (wanted[0] === "+" || wanted[0] === "#")) return false;
  for (const [at, level] of wanted.entries()) {
    if (level === "#") return true;
    if (at >= levels.length || (level !== "+" && level !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}

/** What is wrong with a topic filter (MQTT 5.0, 4.7.1), if anything is. */
export function filterProblem(filter: string): string | undefined {
  const levels = filter.split("/");
  if (filter === "" || filter.includes("\0")) return "a topic filter is a text without null characters";
  if (levels.some((level) => level.length > 1 && /[+#]/.test(level)))
    return `${filter}: + and # stand for whole levels`;
  return levels.slice(0, -1).includes("#") ? `${filter}: # is the last level` : undefined;
}

/** Below a base a topic goes on from it; with a leading / it starts at the root again. */
export function resolveTopic(topic: string, base: string | undefined): string {
  if (base === undefined || base === "") return topic;
  if (topic.startsWith("/")) return topic.slice(1);
  const start = base.endsWith("/") ? base.slice(0, -1) : base;
  return topic === "" ? start : `${start}/${topic}`;
}
