import { type Register, registerMap, wordCount } from "./modbus/register-map.ts";
import { type Fault, faceFaults, faultMeaning, pumpFaults } from "./model/fault.ts";
import { type PumpMethod, pumpMethods } from "./opcua/pump-method.ts";
import { type PumpVariable, pumpEnumerations, pumpVariables, setpointName } from "./opcua/pump-variable.ts";
import { stationVariables } from "./opcua/station-variable.ts";

type Row = readonly string[];

/** docs/demo-plant.md, whose tables are made from what the faces are made from. */
export function demoPage(): string {
  return `<!-- Generated from src/demo/demo-page.ts and the tables that the plant itself is made from. -->
# The demo plant

A pump station to try Twinweave on, without hardware: pumps lift water through one rising main into a high reservoir, and
a town draws from it. It runs as a process of its own and is reached only through its protocols, all on loopback:

\`\`\`
node src/demo/demo-process.ts --data-dir ./data/demo --seed 1 --speed 10 --opcua-port 4841 --mqtt-port 1884 --modbus-port 1502
\`\`\`

Ports left out are free ones; when the plant is ready it prints where it can be reached as one line of JSON. \`--speed 10\`
lets ten seconds pass in one. The same \`--seed\` gives the same plant. In code: \`startDemoPlant(options)\`.

## What is simulated
- **Hydraulics**: a quadratic pump curve under the affinity laws, a static head that rises with the reservoir's level,
  pipe friction; the pumps on the common header are solved together, and check valves hold.
- **Power**: hydraulic, shaft and electrical power with the losses between them; a closed valve still costs power.
- **Heat**: bearings, winding and water with their own time constants.
- **Vibration**: grows with speed, with wear and with the distance from the best efficiency point.
- **Wear**: grows with running hours, faster away from the best point; it costs head and efficiency.
- **Control**: a level control starts and stops the pumps in turns, so each has idle phases
  (${pumpEnumerations.PumpState.join(", ")}). Overtemperature and vibration trip a pump into Fault.

## OPC UA
Security None, Basic256Sha256 and Aes256_Sha256_RsaPss; anonymous, or user \`operator\` with password \`pump-demo\`. The pumps
stand in the Machines folder of OPC 40001-1: \`Objects/Machines/Pump01\`, … Names follow OPC 40001-1 and OPC 40223; what is
ours stands in the namespace \`http://twinweave.example/pump-station/\`. Below each pump:

- \`Identification/\`: Manufacturer, Model, SerialNumber, ProductInstanceUri, YearOfConstruction, DeviceClass, Location;
  SerialNumber and AssetId stand on the pump as well
- \`Operational/Control/\`: the methods of the next table
- the variables of the table after it; only \`${setpointName}\` can be written, and is refused outside its range (BadOutOfRange)

${table(["Method", "Takes", "Gives", "Refuses with", "What it does"], pumpMethods.map(methodRow))}

${table(["Path", "Type", "Unit", "Range", "Comes from", "Meaning"], pumpVariables.map(variableRow))}

Enumerations: ${Object.entries(pumpEnumerations)
    .map(([name, values]) => `${name} (${values.map((value, index) => `${index} ${value}`).join(", ")})`)
    .join("; ")}.

What comes from a transmitter can fail (BadSensorFailure); what is derived is UncertainSubNormal then. A pump in Fault keeps
its drive's last values as UncertainLastUsableValue. \`Objects/PumpStation\` has what is measured once:

${table(
  ["Path", "Unit", "Range", "Meaning"],
  stationVariables.map(({ name, unit, range, description }) => [
    `PumpStation/${name}`,
    unit.symbol,
    range.join(" to "),
    description,
  ]),
)}

## MQTT
An MQTT 3.1.1 broker without authentication. JSON payloads, QoS 1, one set per pump and tick:

${table(
  ["Topic", "Payload", "Retained"],
  [
    [
      "`plant/pump-station/Pump01/vibration`",
      '`{ ts, sensor, quality, battery, velocity: { x, y, z }, unit: "mm/s" }`, RMS of velocity',
      "no",
    ],
    [
      "`plant/pump-station/Pump01/bearing`",
      '`{ ts, sensor, quality, battery, driveEnd, nonDriveEnd, unit: "Cel" }`',
      "no",
    ],
    ["`plant/pump-station/Pump01/ambient`", "`{ ts, sensor, quality, battery, temperature, humidity }`", "no"],
    ["`plant/pump-station/Pump01/state`", "`{ ts, state, mode, trip }`, when one of them changes", "yes"],
  ],
)}

\`ts\` is ISO 8601, \`quality\` is \`good\` or \`bad\` (then the values are null), \`battery\` is in %.

## Modbus TCP
An energy meter that answers every unit id. Input registers are read with function 4, holding registers with 3 and written
with 6 or 16. Addresses are those on the wire, from 0; a read that touches a register that does not exist is refused whole
(exception 2).

${table(["Space", "Address", "Name", "Type", "Word order", "Scale", "Unit", "Meaning"], registerMap.map(registerRow))}

## Faults
\`GET /faults\` on the control port lists what is on and what there is; \`POST /faults\` switches:

\`\`\`
curl -X POST http://127.0.0.1:PORT/faults -d '{"fault": "overheating", "pump": "Pump01", "on": true}'
\`\`\`

${table(["Fault", "Hits", "What happens"], [...pumpFaults, ...faceFaults].map(faultRow))}
`;
}

function variableRow(variable: PumpVariable): Row {
  const groups = {
    Operational: "Operational",
    Measurements: "Operational/Measurements",
    Control: "Operational/Control",
    Maintenance: "Maintenance",
  } as const;
  return [
    `${groups[variable.group]}/${variable.name}`,
    variable.type,
    variable.unit?.symbol ?? "",
    variable.range?.join(" to ") ?? "",
    variable.instrument,
    variable.description,
  ];
}

function methodRow({ name, inputs, outputs, refusal, description }: PumpMethod): Row {
  const shown = (list: PumpMethod["inputs"]) => list.map((one) => `${one.name}: ${one.type}`).join(", ");
  return [`Operational/Control/${name}`, shown(inputs), shown(outputs), refusal, description];
}

function registerRow({ space, address, name, type, wordOrder, scale, unit, description, writable }: Register): Row {
  return [
    writable ? `${space}, writable` : space,
    String(address),
    name,
    type,
    wordCount(type) === 1 ? "" : wordOrder,
    String(scale),
    unit,
    description,
  ];
}

function faultRow(fault: Fault): Row {
  return [`\`${fault}\``, pumpFaults.some((one) => one === fault) ? "a pump" : "the station", faultMeaning[fault]];
}

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
