import type { Pump } from "./pump.ts";

/** Levels (share of the reservoir) at which the first, second, … pump starts, and above which pumps stop again. */
const firstStart = 0.7;
const startSpacing = 0.12;
const firstStop = 0.8;
const stopSpacing = 0.045;

/** s between two changes, so that the level can answer before the next pump starts. */
const settleTime = 20;

/** What the control looks at. */
export interface LevelControlInput {
  /** 0..1 */
  readonly level: number;
  /** kW that the station draws now. */
  readonly power: number;
  /** kW that the operator allows; another pump is not started beyond it. */
  readonly demandLimit: number;
}

/** Starts and stops pumps by the reservoir's level, in turns: the reason for the pumps' idle phases. */
export class LevelControl {
  #sinceChange = settleTime;
  #releases = 0;
  readonly #runOrder: Pump[] = [];
  /** When each pump last had its turn; one that had none yet comes first, the least used before the others. */
  readonly #lastTurn = new Map<Pump, number>();

  step(pumps: readonly Pump[], input: LevelControlInput, dt: number): void {
    this.#sinceChange += dt;
    for (const pump of [...this.#runOrder]) {
      if (pump.state === "Fault" || pump.mode === "Manual") this.#release(pump);
    }
    if (this.#sinceChange < settleTime) return;
    const running = this.#runOrder.length;
    const oldest = this.#runOrder[0];
    if (oldest !== undefined && input.level > firstStop + stopSpacing * (pumps.length - running)) {
      this.#release(oldest);
      this.#sinceChange = 0;
    } else if (input.level < firstStart - startSpacing * running) {
      this.#startNext(pumps, input);
    }
  }

  #startNext(pumps: readonly Pump[], { power, demandLimit }: LevelControlInput): void {
    const ready = pumps.filter(
      (pump) => pump.mode === "Automatic" && pump.state === "Idle" && !this.#runOrder.includes(pump),
    );
    const turn = (pump: Pump) => this.#lastTurn.get(pump) ?? 0;
    const next = ready.sort((a, b) => turn(a) - turn(b) || a.operatingHours - b.operatingHours)[0];
    if (next === undefined || power + next.spec.ratedPower > demandLimit) return;
    next.request(true);
    this.#runOrder.push(next);
    this.#sinceChange = 0;
  }

  #release(pump: Pump): void {
    pump.request(false);
    this.#releases += 1;
    this.#lastTurn.set(pump, this.#releases);
    this.#runOrder.splice(this.#runOrder.indexOf(pump), 1);
  }
}
