import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface RequestSeen {
  readonly surface: string;
  readonly operation: string;
  readonly status: number;
  readonly seconds: number;
}

/** One figure that is asked for when somebody looks: nothing is counted twice, nothing on the hot path. */
export interface PulledFigure {
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge";
  readonly labels: readonly string[];
  readonly read: () => Promise<readonly Observation[]> | readonly Observation[];
}

export interface Observation {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface HubMetrics {
  request(seen: RequestSeen): void;
  /** Prometheus text format 0.0.4. */
  render(): Promise<{ readonly body: string; readonly type: string }>;
}

/** @param figures what the rooms of the hub have to say, read at each scrape */
export function createHubMetrics(figures: readonly PulledFigure[]): HubMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "twinweave_http_request_seconds",
    help: "Time from a request's head to the end of its answer.",
    labelNames: ["surface", "operation", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  for (const figure of figures) pull(registry, figure);
  return {
    request: ({ surface, operation, status, seconds }) => requests.observe({ surface, operation, status }, seconds),
    render: async () => ({ body: await registry.metrics(), type: registry.contentType }),
  };
}

function pull(registry: Registry, { name, help, kind, labels, read }: PulledFigure): void {
  const options = { name, help, labelNames: labels, registers: [registry] };
  if (kind === "gauge") {
    new Gauge({
      ...options,
      async collect() {
        const observed = await read();
        this.reset();
        for (const { labels: of, value } of observed) this.set(of, value);
      },
    });
  } else {
    new Counter({
      ...options,
      async collect() {
        const observed = await read();
        // Between the reset and the sums nobody may come in: two scrapes at once would add up.
        this.reset();
        for (const { labels: of, value } of observed) this.inc(of, value);
      },
    });
  }
}
