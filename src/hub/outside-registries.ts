import { createOutsideClient, type RegistryHttp } from "../aas/registry/outside-client.ts";
import type { Config } from "../config/load.ts";
import { HubError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Clock } from "../core/time.ts";
import type { RetryPolicy } from "../deliver/retry-policy.ts";
import type { PulledFigure } from "../metrics/hub-metrics.ts";
import type { AdminPorts, RegistryStatus } from "../northbound/admin/ports.ts";
import type { Store } from "../store/contract.ts";
import type { Twin } from "../twin/contract.ts";
import { forEachRoom } from "./each-room.ts";
import { createOutsideRegistration, type OutsideRegistration } from "./outside-registration.ts";
import { publicRoots } from "./public-address.ts";

export interface OutsideRegistriesParts {
  readonly registries: Config["registries"];
  readonly http: RegistryHttp;
  /** The hub's own base URL, as clients see it. */
  readonly base: () => string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly retry?: RetryPolicy;
}

/** The part of a tenant's room that is registered. */
export interface RegisteredRoom {
  readonly tenant: string;
  readonly store: Pick<Store, "documents" | "records">;
  readonly twin: Pick<Twin, "onChange">;
}

/** The outside registries of the configuration, each for its tenants. */
export interface OutsideRegistries {
  /** A tenant that was opened; nothing is told before `start`. */
  join(room: RegisteredRoom): void;
  start(): void;
  readonly port: AdminPorts["registries"];
  readonly figures: readonly PulledFigure[];
  /** Withdraws where the configuration says so, as far as time allows. Before the rooms are closed. */
  close(): Promise<void>;
}

interface Joined {
  readonly name: string;
  readonly registration: OutsideRegistration;
}

export function createOutsideRegistries(parts: OutsideRegistriesParts): OutsideRegistries {
  const { registries, http, base, clock, log, retry } = parts;
  const joined: Joined[] = [];
  let started = false;

  const named = (name: string): readonly OutsideRegistration[] => {
    if (registries[name] === undefined) throw new HubError("not-found", `there is no registry ${name}`);
    return joined.filter((one) => one.name === name).map(({ registration }) => registration);
  };
  const all = (): readonly RegistryStatus[] => joined.map(({ registration }) => registration.status);

  return {
    join({ tenant, store, twin }) {
      for (const [name, { tenants, headers, ...bases }] of Object.entries(registries)) {
        if (!tenants.includes(tenant)) continue;
        const revealed = Object.entries(headers).map(([field, secret]) => [field, secret.reveal()]);
        const registration = createOutsideRegistration({
          registry: name,
          tenant,
          client: createOutsideClient(withoutSlash(bases), Object.fromEntries(revealed), http),
          documents: store.documents,
          records: store.records("registration"),
          roots: () => publicRoots(base(), tenant),
          clock,
          log,
          ...(retry === undefined ? {} : { retry }),
        });
        twin.onChange(registration.changed);
        joined.push({ name, registration });
        if (started) registration.start();
      }
    },
    start() {
      started = true;
      for (const { registration } of joined) registration.start();
    },
    port: {
      all,
      register: (name) => {
        for (const registration of named(name)) registration.registerAll();
      },
      withdraw: (name, abort) => forEachRoom(named(name), (registration) => registration.withdraw(abort)),
    },
    figures: figuresOf(all),
    async close() {
      await Promise.all(
        joined.map(async ({ name, registration }) => {
          const { withdrawOnStop = false, withdrawTimeout = 0 } = registries[name] ?? {};
          if (withdrawOnStop) {
            await registration.withdraw(AbortSignal.timeout(withdrawTimeout)).catch((thrown) => {
              log.warn(`registry ${name}: not everything was withdrawn`, { reason: HubError.from(thrown).message });
            });
          }
          await registration.close();
        }),
      );
    },
  };
}

type Bases = Pick<Config["registries"][string], "shells" | "submodels" | "discovery">;

function withoutSlash({ shells, submodels, discovery }: Bases) {
  const bare = (url: string): string => url.replace(/\/+$/, "");
  return {
    ...(shells === undefined ? {} : { shells: bare(shells) }),
    ...(submodels === undefined ? {} : { submodels: bare(submodels) }),
    ...(discovery === undefined ? {} : { discovery: bare(discovery) }),
  };
}

type Row = readonly [name: string, kind: PulledFigure["kind"], help: string, read: (status: RegistryStatus) => number];

const rows: readonly Row[] = [
  ["registered", "gauge", "Entries that an outside registry has of this hub.", ({ registered }) => registered],
  ["pending", "gauge", "Changes that an outside registry was not told yet.", ({ pending }) => pending],
  ["refused", "gauge", "Entries that an outside registry does not take.", ({ refused }) => refused],
  ["requests_total", "counter", "Requests to an outside registry.", ({ requests }) => requests],
  ["failures_total", "counter", "Requests that failed and are tried again.", ({ failures }) => failures],
  ["waiting", "gauge", "1 while an outside registry fails.", ({ state }) => (state === "waiting" ? 1 : 0)],
];

function figuresOf(all: () => readonly RegistryStatus[]): readonly PulledFigure[] {
  return rows.map(([name, kind, help, read]) => ({
    name: `twinweave_registry_${name}`,
    kind,
    help,
    labels: ["registry", "tenant"],
    read: () => all().map((one) => ({ labels: { registry: one.registry, tenant: one.tenant }, value: read(one) })),
  }));
}
