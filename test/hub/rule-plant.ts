import { base64url, type HubFixture, hubFixture } from "./hub-fixture.ts";
import { ModbusDevice } from "./modbus-device.ts";

/** How a leaf is linked; the rows of the rule matrix. */
export const linkStates = ["writable", "readOnly", "lost", "silent", "unlinked"] as const;
export type LinkState = (typeof linkStates)[number];
export type PerState<T> = Readonly<Record<LinkState, T>>;

/** Where the registers of a state's assets begin. `silent` ones cannot be read before they are written. */
const firstRegister: PerState<number> = { writable: 0, readOnly: 2000, lost: 0, silent: 1000, unlinked: 0 };

/** One asset of its own for each cell of the matrix, so that no cell sees what another did. */
export interface Asset {
  readonly state: LinkState;
  readonly name: string;
  readonly register: number;
  readonly device: ModbusDevice | undefined;
  /** What it shows at first; `undefined` where nothing has been read yet. */
  readonly before: number | undefined;
  readonly shell: string;
  readonly submodel: string;
  readonly entity: string;
}

export interface RulePlant {
  readonly fixture: HubFixture;
  asset(state: LinkState, index: number): Asset;
  close(): Promise<void>;
}

const template = {
  modelType: "Submodel",
  kind: "Template",
  id: "urn:test:template",
  idShort: "Data",
  submodelElements: [
    { modelType: "Property", idShort: "Label", valueType: "xs:string", value: "l" },
    {
      modelType: "SubmodelElementCollection",
      idShort: "Box",
      value: [
        { modelType: "Property", idShort: "Level", valueType: "xs:int" },
        { modelType: "Property", idShort: "Note", valueType: "xs:string", value: "n" },
      ],
    },
  ],
};

/** The submodel as a client would send it: every asset, linked or not, has this shape. */
export const submodelOf = ({ submodel }: Asset, level: readonly unknown[]): Record<string, unknown> => ({
  modelType: "Submodel",
  id: submodel,
  idShort: "Data",
  submodelElements: [{ modelType: "Property", idShort: "Label", valueType: "xs:string", value: "l" }, boxOf(level)],
});

export const boxOf = (level: readonly unknown[]): Record<string, unknown> => ({
  modelType: "SubmodelElementCollection",
  idShort: "Box",
  value: [...level, { modelType: "Property", idShort: "Note", valueType: "xs:string", value: "n" }],
});

export const levelOf = (value: number | undefined, valueType = "xs:int"): Record<string, unknown> => ({
  modelType: "Property",
  idShort: "Level",
  valueType,
  ...(value === undefined ? {} : { value: String(value) }),
});

export const shellOf = ({ shell, submodel, name }: Asset): Record<string, unknown> => ({
  modelType: "AssetAdministrationShell",
  id: shell,
  idShort: "Tank",
  assetInformation: { assetKind: "Instance", globalAssetId: `urn:test:asset:${name}` },
  submodels: [{ type: "ModelReference", keys: [{ type: "Submodel", value: submodel }] }],
});

export const entityOf = ({ entity }: Asset, level: Record<string, unknown>): Record<string, unknown> => ({
  id: entity,
  type: "Tank",
  note: { type: "Property", value: "n" },
  ...level,
});

/**
 * A whole hub over a Modbus plant with `size` assets for each state. Those of `lost` have been read, and then their
 * device went away.
 */
export async function rulePlant(size: number): Promise<RulePlant> {
  const plant = await new ModbusDevice().start();
  const gone = await new ModbusDevice().start();
  const asset = (state: LinkState, index: number): Asset => {
    const name = `${state.toLowerCase()}${index}`;
    const linked = state !== "unlinked";
    return {
      state,
      name,
      register: firstRegister[state] + index,
      device: !linked ? undefined : state === "lost" ? gone : plant,
      before: state === "silent" ? undefined : 100 + index,
      shell: `urn:test:shell:${name}`,
      submodel: `urn:test:data:${name}`,
      entity: `urn:ngsi-ld:Tank:${name}`,
    };
  };
  const all = (state: LinkState): Asset[] => Array.from({ length: size }, (_, index) => asset(state, index));
  for (const { register, before, device } of [...all("writable"), ...all("lost")]) {
    if (device !== undefined) device.holding[register] = before ?? 0;
  }
  for (const { register, before } of all("readOnly")) plant.input[register] = before ?? 0;
  for (const { register } of all("silent")) plant.unreadable.add(register);
  const fixture = await hubFixture({
    "twinweave.yaml": `
mappings: [./mappings]
sources:
  plant: { type: modbus, host: 127.0.0.1, port: ${plant.port}, interval: 250 }
  gone: { type: modbus, host: 127.0.0.1, port: ${gone.port}, interval: 250 }
`,
    "template.json": JSON.stringify(template),
    "mappings/writable.yaml": mapping("plant", "holding", all("writable"), true),
    "mappings/read-only.yaml": mapping("plant", "input", all("readOnly"), false),
    "mappings/lost.yaml": mapping("gone", "holding", all("lost"), true),
    "mappings/silent.yaml": mapping("plant", "holding", all("silent"), true),
  });
  const close = async (): Promise<void> => {
    await fixture.close();
    await plant.stop();
    await gone.stop();
  };
  try {
    await fixture.hub.settled;
    for (const state of ["writable", "readOnly", "lost"] as const) {
      await fixture.until("/ngsi-ld/v1/entities?type=Tank&options=keyValues&limit=1000", ({ body }) => {
        const shown = (body as unknown as { id: string; level?: number }[]).filter((one) => one.level !== undefined);
        return all(state).every(({ entity }) => shown.some((one) => one.id === entity));
      });
    }
    await gone.stop();
    const [last] = all("lost").slice(-1);
    await fixture.until(`/ngsi-ld/v1/entities/${last?.entity}`, ({ body }) => {
      return String(body?.level?.quality?.value) === "uncertain";
    });
    for (const one of all("unlinked")) {
      const made = await Promise.all([
        fixture.request("POST", "/api/v3.1/shells", shellOf(one)),
        fixture.request("POST", "/api/v3.1/submodels", submodelOf(one, [levelOf(one.before)])),
        fixture.request(
          "POST",
          "/ngsi-ld/v1/entities",
          entityOf(one, { level: { type: "Property", value: one.before } }),
        ),
      ]);
      const refused = made.find(({ status }) => status !== 201);
      if (refused !== undefined) throw new Error(`${refused.status} ${JSON.stringify(refused.body)}`);
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { fixture, asset, close };
}

function mapping(source: string, table: string, assets: readonly Asset[], write: boolean): string {
  const list = assets.map(({ name, register, shell, submodel, entity }) => ({
    name,
    register,
    shell,
    submodel,
    entity,
  }));
  return `twinweave: 1
source: ${source}
forEach: { as: tank, base: "${table}:{tank.register}", list: ${JSON.stringify(list)} }
twin:
  shell: { id: "{tank.shell}", idShort: Tank, assetId: "urn:test:asset:{tank.name}" }
  submodels:
    Data: { id: "{tank.submodel}", template: ../template.json }
  entity: { id: "{tank.entity}", type: Tank, attributes: { note: "n" } }
points:
  level:
    from: "+0"
    type: int
    aas: Data.Box.Level
    ngsi: level
${write ? "    write: { min: 0, max: 9000 }\n" : ""}`;
}

/** The number that a client sees in an asset's leaf, in each standard; `undefined` where there is none. */
export interface Shown {
  readonly aas: number | undefined;
  readonly ngsi: number | undefined;
}

export async function shown(fixture: HubFixture, { submodel, entity }: Asset): Promise<Shown> {
  const path = `/api/v3.1/submodels/${base64url(submodel)}/submodel-elements/Box.Level/$value`;
  const element = await fixture.get(path);
  const { status, body } = await fixture.get(`/ngsi-ld/v1/entities/${entity}?options=keyValues`);
  const level: unknown = body?.level;
  const instances = (level as { dataset?: Record<string, unknown> } | undefined)?.dataset;
  return {
    aas: element.status === 200 ? numberIn(element.body) : undefined,
    ngsi: status === 200 ? numberIn(instances === undefined ? level : instances["@none"]) : undefined,
  };
}

/** A text is a number where the element's type says that numbers are texts (xs:string, xs:long). */
function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
}
