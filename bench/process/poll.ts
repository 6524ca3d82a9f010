import { setTimeout as pause } from "node:timers/promises";

/** Asks until the answer holds: a foreign process gives no event. Rejects after `ms`. */
export async function poll<Answer>(
  what: string,
  ms: number,
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await pause(50);
  }
}
