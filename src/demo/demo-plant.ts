import { HubError } from "../core/errors.ts";
import { type ControlServer, startControlServer } from "./control/control-server.ts";
import { type DemoOptions, type DemoOptionsInput, readDemoOptions } from "./demo-options.ts";
import { FaultBoard } from "./fault-board.ts";
import { type ModbusFace, startModbusFace } from "./modbus/modbus-face.ts";
import type { ActiveFault } from "./model/fault.ts";
import { Station, type StationReading } from "./model/station.ts";
import { type MqttFace, startMqttFace } from "./mqtt/mqtt-face.ts";
import type { OpcUaFace } from "./opcua/opcua-face.ts";
import { RestartableFace } from "./restartable-face.ts";

/** Where the plant can be reached, with the real ports. */
export interface DemoEndpoints {
  readonly opcua: string;
  readonly mqtt: string;
  readonly modbus: { readonly host: string; readonly port: number };
  readonly control: string;
  readonly pumps: readonly string[];
}

/** A running plant. */
export interface DemoPlant {
  readonly endpoints: DemoEndpoints;
  /** What the model says now, whatever the faces show of it. */
  read(): StationReading;
  /** Resolves when the next tick's values are shown; `aborted` where the plant closes before. */
  nextTick(): Promise<void>;
  faults(): readonly ActiveFault[];
  /** Switches a fault and resolves when the faces show it; `invalid` for a pump that does not exist. */
  setFault(fault: ActiveFault, on: boolean): Promise<void>;
  /** Stops the plant; may be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts the pump station with its protocol faces and the fault interface. Rejects with `config` where an option is
 * wrong or a port is in use; nothing keeps running then. An aborted `signal` closes the plant.
 */
export async function startDemoPlant(input: DemoOptionsInput & { readonly signal?: AbortSignal }): Promise<DemoPlant> {
  const { signal, ...given } = input;
  const options = readDemoOptions(given);
  signal?.throwIfAborted();
  const plant = new RunningPlant(options);
  try {
    await plant.start();
    signal?.throwIfAborted();
  } catch (thrown) {
    await plant.close();
    throw thrown;
  }
  signal?.addEventListener("abort", () => void plant.close(), { once: true });
  return plant;
}

class RunningPlant implements DemoPlant {
  readonly #options: DemoOptions;
  readonly #station: Station;
  readonly #faults: FaultBoard;
  readonly #opcua: RestartableFace<OpcUaFace>;
  readonly #mqtt: RestartableFace<MqttFace>;
  readonly #modbus: RestartableFace<ModbusFace>;
  #control: ControlServer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #tick = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(options: DemoOptions) {
    const { host, dataDir, opcuaPort, mqttPort, modbusPort, seed, pumps } = options;
    const station = new Station({ seed, pumps });
    this.#options = options;
    this.#station = station;
    this.#faults = new FaultBoard(station.pumps.map((pump) => pump.spec.name));
    this.#opcua = new RestartableFace(opcuaPort, async (port) => {
      // node-opcua takes most of a second to load; who only wants the model never pays for it.
      const { startOpcUaFace } = await import("./opcua/opcua-face.ts");
      return startOpcUaFace({ host, port, dataDir, station });
    });
    this.#mqtt = new RestartableFace(mqttPort, (port) => startMqttFace({ host, port }));
    this.#modbus = new RestartableFace(modbusPort, (port) =>
      startModbusFace({ host, port, meter: station.meter, isSilent: () => this.#faults.has("modbus-silent") }),
    );
  }

  get endpoints(): DemoEndpoints {
    const { host } = this.#options;
    return {
      opcua: `opc.tcp://${host}:${this.#opcua.port}`,
      mqtt: `mqtt://${host}:${this.#mqtt.port}`,
      modbus: { host, port: this.#modbus.port },
      control: this.#control?.url ?? "",
      pumps: this.#station.pumps.map((pump) => pump.spec.name),
    };
  }

  async start(): Promise<void> {
    // One after the other: when one cannot start, those before it are known and can be closed.
    await this.#modbus.open();
    await this.#mqtt.open();
    await this.#opcua.open();
    this.#control = await startControlServer({
      port: this.#options.controlPort,
      pumps: this.#station.pumps.map((pump) => pump.spec.name),
      faults: () => this.faults(),
      setFault: (fault, pump, on) => this.setFault(this.#faults.check(fault, pump), on),
    });
    this.#publish();
    const { tickMs, speed } = this.#options;
    this.#timer = setInterval(() => {
      this.#station.step((tickMs / 1000) * speed);
      this.#publish();
      this.#tick.resolve();
      this.#tick = Promise.withResolvers();
    }, tickMs);
  }

  read(): StationReading {
    return this.#station.read();
  }

  nextTick(): Promise<void> {
    return this.#tick.promise;
  }

  faults(): readonly ActiveFault[] {
    return this.#faults.list();
  }

  async setFault(wanted: ActiveFault, on: boolean): Promise<void> {
    const fault = this.#faults.check(wanted.fault, "pump" in wanted ? wanted.pump : undefined);
    this.#faults.set(fault, on);
    if ("pump" in fault) {
      this.#station.setDefects(fault.pump, {
        wear: this.#faults.has("wear", fault.pump),
        overheating: this.#faults.has("overheating", fault.pump),
        driveTrip: this.#faults.has("drive-trip", fault.pump),
      });
    }
    await Promise.all([
      this.#opcua.setOpen(!this.#faults.has("opcua-closed")),
      this.#mqtt.setOpen(!this.#faults.has("mqtt-closed")),
      this.#modbus.setOpen(!this.#faults.has("modbus-closed")),
    ]);
    this.#publish();
  }

  close(): Promise<void> {
    this.#closing ??= this.#stop();
    return this.#closing;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#tick.promise.catch(() => undefined); // nobody has to be waiting
    this.#tick.reject(new HubError("aborted", "the demo plant closes"));
    await this.#control?.close();
    await Promise.all([this.#opcua.finish(), this.#mqtt.finish(), this.#modbus.finish()]);
  }

  #publish(): void {
    const reading = this.#station.read();
    const at = new Date();
    this.#opcua.face?.publish(
      reading,
      {
        noDevice: this.#faults.has("opcua-no-device"),
        sensorFailure: (pump) => this.#faults.has("sensor-failure", pump),
      },
      at,
    );
    this.#mqtt.face?.publish(
      reading,
      {
        silent: this.#faults.has("mqtt-silent"),
        of: (pump) => {
          if (this.#faults.has("sensor-silent", pump)) return "silent";
          return this.#faults.has("sensor-failure", pump) ? "failure" : "ok";
        },
      },
      at,
    );
  }
}
