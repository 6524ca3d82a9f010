import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  MessageSecurityMode,
  NodeClass,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type UAObject,
} from "node-opcua";
import type { Station, StationReading } from "../model/station.ts";
import { listenError } from "../tcp-listener.ts";
import { addPumpObject } from "./pump-object.ts";
import { addPumpType, indexOf, makeTypeSystem, namespaceUris } from "./pump-type.ts";
import { addStationObject } from "./station-object.ts";

/** The account that the server knows besides anonymous; it guards nothing but a simulation. */
export const demoUser = { name: "operator", password: "pump-demo" } as const;

/** The Machines folder of OPC 40001-1, 10.2, in the nodeset's own numbers. */
const machinesNumber = 1001;

const applicationUri = "urn:twinweave.example:pump-station";
/** Days. */
const certificateValidity = 3_650;

export interface OpcUaFaceOptions {
  readonly host: string;
  readonly port: number;
  /** Own certificate, key and the lists of trusted ones live here. */
  readonly dataDir: string;
  readonly station: Station;
}

export interface OpcUaConditions {
  readonly noDevice: boolean;
  sensorFailure(pump: string): boolean;
}

export interface OpcUaFace {
  readonly port: number;
  readonly endpoint: string;
  publish(reading: StationReading, conditions: OpcUaConditions, at: Date): void;
  close(): Promise<void>;
}

/** Starts the OPC UA server. This module loads node-opcua, which takes most of a second: import it lazily. */
export async function startOpcUaFace({ host, port, dataDir, station }: OpcUaFaceOptions): Promise<OpcUaFace> {
  const server = new OPCUAServer({
    port,
    host,
    hostname: host,
    serverInfo: {
      applicationUri,
      productUri: "http://twinweave.example/demo-plant",
      applicationName: { text: "Pump station (demo plant)" },
    },
    buildInfo: { productName: "Twinweave demo plant", manufacturerName: "Twinweave" },
    nodeset_filename: [nodesets.standard, nodesets.di, nodesets.ia, nodesets.machinery],
    securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes256_Sha256_RsaPss],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true,
    userManager: {
      isValidUser: (name: string, password: string) => name === demoUser.name && password === demoUser.password,
    },
    ...(await ownCertificate(join(dataDir, "opcua"), host)),
    maxConnectionsPerEndpoint: 50,
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace;
  if (addressSpace === null) throw new Error("the OPC UA server has no address space");
  const types = makeTypeSystem(addressSpace);
  const pumpType = addPumpType(types);
  const machines = addressSpace.findNode(`ns=${indexOf(addressSpace, namespaceUris.machinery)};i=${machinesNumber}`);
  if (machines?.nodeClass !== NodeClass.Object) throw new Error("the Machinery nodeset has no Machines folder");
  const pumps = station.pumps.map((pump) => ({
    name: pump.spec.name,
    object: addPumpObject(types, pumpType, machines as UAObject, pump),
  }));
  const stationObject = addStationObject(types);
  try {
    await server.start();
  } catch (cause) {
    await server.shutdown(0);
    throw listenError(host, port, cause);
  }
  const bound = server.endpoints[0]?.port ?? port;
  return {
    port: bound,
    endpoint: `opc.tcp://${host}:${bound}`,
    publish(reading, conditions, at) {
      const { noDevice } = conditions;
      pumps.forEach(({ name, object }, index) => {
        const of = reading.pumps[index];
        if (of !== undefined) object.publish(of, { noDevice, sensorFailure: conditions.sensorFailure(name) }, at);
      });
      stationObject.publish(reading, noDevice, at);
    },
    close: () => server.shutdown(0),
  };
}

/** The certificate in the folder; made at the first start, for the names under which the server is reached. */
async function ownCertificate(rootFolder: string, host: string) {
  const serverCertificateManager = new OPCUACertificateManager({
    rootFolder,
    automaticallyAcceptUnknownCertificate: true,
  });
  await serverCertificateManager.initialize();
  const certificateFile = join(rootFolder, "own/certs/pump-station.pem");
  if (!existsSync(certificateFile)) {
    await serverCertificateManager.createSelfSignedCertificate({
      applicationUri,
      subject: "/CN=Pump station/O=Twinweave demo plant",
      dns: ["localhost", hostname()],
      ip: isIP(host) === 0 ? [] : [host],
      startDate: new Date(),
      validity: certificateValidity,
      outputFile: certificateFile,
    });
  }
  return { serverCertificateManager, certificateFile, privateKeyFile: serverCertificateManager.privateKey };
}
