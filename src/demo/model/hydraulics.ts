import type { PumpSpec } from "./pump-spec.ts";

const density = 998; // kg/m³, water at about 15 °C
const gravity = 9.80665; // m/s²

/** Wear opens the clearances: head falls at every flow, and efficiency with it. Both as factors of the new pump. */
const headLossOfWear = 0.15;
const efficiencyLossOfWear = 0.12;

/** Speed as a ratio of rated speed, wear 0 (new) to 1 (worn out). */
export interface PumpCondition {
  readonly speedRatio: number;
  readonly wear: number;
}

/** Head in m at a flow in m³/h: H(Q, n) = n²·H0 − a·Q², the affinity laws applied to a quadratic curve. */
export function headAt(spec: PumpSpec, flow: number, { speedRatio, wear }: PumpCondition): number {
  const shutoff = spec.shutoffHead * (1 - headLossOfWear * wear) * speedRatio ** 2;
  return shutoff - (spec.shutoffHead - spec.ratedHead) * (flow / spec.ratedFlow) ** 2;
}

/** Flow in m³/h against a head in m; the check valve holds when the head is more than the pump can give. */
export function flowAgainst(spec: PumpSpec, head: number, { speedRatio, wear }: PumpCondition): number {
  const spare = spec.shutoffHead * (1 - headLossOfWear * wear) * speedRatio ** 2 - head;
  if (spare <= 0) return 0;
  return spec.ratedFlow * Math.sqrt(spare / (spec.shutoffHead - spec.ratedHead));
}

/** Flow relative to the best efficiency point at the present speed: 1 is best, 0 is a closed valve. */
export function loadRatio(spec: PumpSpec, flow: number, speedRatio: number): number {
  return speedRatio <= 0 ? 0 : flow / (spec.ratedFlow * speedRatio);
}

/** Power given to the water, kW. */
export function hydraulicPower(flow: number, head: number): number {
  return (density * gravity * (flow / 3600) * head) / 1000;
}

/**
 * Power at the shaft, kW. The efficiency is the parabola η·q·(2 − q) over the load ratio q; dividing it out by hand
 * keeps the closed-valve case finite: a pump that moves no water still churns it.
 */
export function shaftPower(spec: PumpSpec, flow: number, { speedRatio, wear }: PumpCondition): number {
  if (speedRatio <= 0) return 0;
  const head = Math.max(0, headAt(spec, flow, { speedRatio, wear }));
  const q = loadRatio(spec, flow, speedRatio);
  const efficiency = spec.bestEfficiency * (1 - efficiencyLossOfWear * wear) * Math.max(0.3, 2 - q);
  return hydraulicPower(spec.ratedFlow * speedRatio, head) / efficiency;
}

/** Differential pressure in bar for a head in m. */
export function pressureOf(head: number): number {
  return (density * gravity * head) / 1e5;
}

/** The rising main: a static head and friction that grows with the square of the flow. */
export interface SystemCurve {
  /** m */
  readonly staticHead: number;
  /** m per (m³/h)² */
  readonly friction: number;
}

/** One pump on the common header. */
export interface HeaderPump extends PumpCondition {
  readonly spec: PumpSpec;
}

/**
 * The head in m at which all pumps together deliver what the main takes. The pumps' flow falls with the head and the
 * main's rises, so bisection always finds the one crossing.
 */
export function solveHeader(pumps: readonly HeaderPump[], system: SystemCurve): number {
  let low = system.staticHead;
  let high = pumps.reduce((most, pump) => Math.max(most, headAt(pump.spec, 0, pump)), system.staticHead);
  for (let i = 0; i < 40; i++) {
    const head = (low + high) / 2;
    const delivered = pumps.reduce((sum, pump) => sum + flowAgainst(pump.spec, head, pump), 0);
    if (delivered > Math.sqrt((head - system.staticHead) / system.friction)) low = head;
    else high = head;
  }
  return (low + high) / 2;
}
