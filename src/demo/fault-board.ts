import { HubError } from "../core/errors.ts";
import { type ActiveFault, type Fault, faceFaults, isFaceFault, isPumpFault, pumpFaults } from "./model/fault.ts";

/** Which faults are on. Keeps the closed set closed: everything else is refused with what would be right. */
export class FaultBoard {
  readonly #pumps: readonly string[];
  readonly #active = new Map<string, ActiveFault>();

  constructor(pumps: readonly string[]) {
    this.#pumps = pumps;
  }

  /** A fault from outside, checked: `invalid` for one that is unknown, or whose pump is missing, unknown or too much. */
  check(fault: string, pump: string | undefined): ActiveFault {
    if (isPumpFault(fault)) {
      if (pump !== undefined && this.#pumps.includes(pump)) return { fault, pump };
      throw this.#refusal("/pump", `${fault} is a pump's fault`, `one of ${this.#pumps.join(", ")}`);
    }
    if (isFaceFault(fault)) {
      if (pump === undefined) return { fault };
      throw this.#refusal("/pump", `${fault} hits the whole station`, "no pump");
    }
    throw this.#refusal("/fault", `${fault} is no fault`, `one of ${[...pumpFaults, ...faceFaults].join(", ")}`);
  }

  set(fault: ActiveFault, on: boolean): void {
    const key = keyOf(fault.fault, "pump" in fault ? fault.pump : undefined);
    if (on) this.#active.set(key, fault);
    else this.#active.delete(key);
  }

  has(fault: Fault, pump?: string): boolean {
    return this.#active.has(keyOf(fault, pump));
  }

  list(): ActiveFault[] {
    return [...this.#active.values()];
  }

  #refusal(place: string, message: string, expected: string): HubError {
    return new HubError("invalid", `${message}; expected ${expected}`, { problems: [{ place, message, expected }] });
  }
}

function keyOf(fault: Fault, pump: string | undefined): string {
  return pump === undefined ? fault : `${fault} ${pump}`;
}
