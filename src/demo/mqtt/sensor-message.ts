import type { PumpReading } from "../model/pump.ts";
import type { StationReading } from "../model/station.ts";

/** Root of the topic tree. */
export const topicRoot = "plant/pump-station";

/** One message to publish. */
export interface SensorMessage {
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly retain: boolean;
}

export type SensorCondition = "ok" | "failure" | "silent";

/** What the wireless sensors of one pump send at one moment; nothing where they are silent. */
export function sensorMessages(
  station: StationReading,
  pump: PumpReading,
  condition: SensorCondition,
  at: Date,
): SensorMessage[] {
  if (condition === "silent") return [];
  const bay = station.pumps.indexOf(pump);
  const ok = condition === "ok";
  const shown = (value: number, digits: number) => (ok ? Number(value.toFixed(digits)) : null);
  const common = (sensor: string) => ({
    ts: at.toISOString(),
    sensor: `${pump.spec.name}-${sensor}`,
    quality: ok ? "good" : "bad",
    battery: batteryOf(station.time, bay),
  });
  const message = (name: string, values: Record<string, unknown>): SensorMessage => ({
    topic: `${topicRoot}/${pump.spec.name}/${name}`,
    payload: { ...common(name), ...values },
    retain: false,
  });
  const { vibration, temperatures } = pump;
  return [
    message("vibration", {
      velocity: { x: shown(vibration.x, 3), y: shown(vibration.y, 3), z: shown(vibration.z, 3) },
      unit: "mm/s",
    }),
    message("bearing", {
      driveEnd: shown(temperatures.bearingDriveEnd, 2),
      nonDriveEnd: shown(temperatures.bearingNonDriveEnd, 2),
      unit: "Cel",
    }),
    message("ambient", {
      temperature: shown(station.ambient.temperature + 0.4 * bay, 2),
      humidity: shown(station.ambient.humidity, 1),
    }),
  ];
}

/** The retained message that says what a pump does; `since` is when it began to. */
export function stateMessage(pump: PumpReading, since: Date): SensorMessage {
  return {
    topic: `${topicRoot}/${pump.spec.name}/state`,
    payload: { ts: since.toISOString(), state: pump.state, mode: pump.mode, trip: pump.trip },
    retain: true,
  };
}

/** % that is left: a battery lasts a good half year of plant time and is changed at 5 %. */
function batteryOf(time: number, bay: number): number {
  const used = (6 * bay + (time / 86_400) * 0.5) % 92;
  return Number((97 - used).toFixed(1));
}
