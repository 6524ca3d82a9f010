/** The faults that hit one pump. */
export const pumpFaults = ["sensor-failure", "sensor-silent", "wear", "overheating", "drive-trip"] as const;

/** The faults that hit a whole protocol face. */
export const faceFaults = [
  "opcua-closed",
  "opcua-no-device",
  "mqtt-closed",
  "mqtt-silent",
  "modbus-closed",
  "modbus-silent",
] as const;

export type PumpFault = (typeof pumpFaults)[number];
export type FaceFault = (typeof faceFaults)[number];
export type Fault = PumpFault | FaceFault;

/** One fault that is on; `pump` names the pump for a pump's fault and is absent for a face's. */
export type ActiveFault = { readonly fault: PumpFault; readonly pump: string } | { readonly fault: FaceFault };

/** What each fault does, for the control interface and the docs. */
export const faultMeaning: Readonly<Record<Fault, string>> = {
  "sensor-failure":
    "Flow and pressure transmitters report BadSensorFailure over OPC UA; the MQTT sensors send null and quality 'bad'",
  "sensor-silent": "The pump's MQTT sensors stop sending; the broker stays up",
  wear: "Abrasive water: wear grows by half a pump's life per running hour; it stays when the fault is taken away",
  overheating: "The bearings run dry: their temperature climbs until the pump trips",
  "drive-trip": "The drive trips: the pump coasts down into Fault and cannot be reset while the fault is on",
  "opcua-closed": "The OPC UA server closes, and comes back on its port",
  "opcua-no-device": "The OPC UA server stays up but has lost the pumps: BadNoCommunication, no new values",
  "mqtt-closed": "The MQTT broker closes, and comes back on its port",
  "mqtt-silent": "No sensor sends; the broker stays up",
  "modbus-closed": "The energy meter closes its port, and comes back on it",
  "modbus-silent": "The energy meter takes requests and never answers",
};

export function isPumpFault(fault: string): fault is PumpFault {
  return pumpFaults.some((known) => known === fault);
}

export function isFaceFault(fault: string): fault is FaceFault {
  return faceFaults.some((known) => known === fault);
}
