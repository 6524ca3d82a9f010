import { crc32, deflateRawSync } from "node:zlib";

export interface RawEntry {
  readonly name: string;
  readonly data: string | Uint8Array;
  /** 0 stored, 8 deflated (the default); others are only declared. */
  readonly method?: number;
  /** General purpose bits; 1: encrypted. */
  readonly flags?: number;
  /** What the archive says of its size, true or not. */
  readonly declaredSize?: number;
}

/** A ZIP archive with exactly these entries, as hostile as they are: no library writes such ones. */
export function rawZip(entries: readonly RawEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, method = 8, flags = 0, declaredSize } of entries) {
    const content = Buffer.from(data);
    const packed = method === 0 ? content : deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags | 0x800, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(declaredSize ?? content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000"), common, tail, nameBytes]));
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, central, end]);
}

const packages = "http://schemas.openxmlformats.org/package/2006";

/** The parts that make a ZIP archive an AASX package with these specifications. */
export function packageParts(specs: readonly string[], types = "http://admin-shell.io/aasx/relationships"): RawEntry[] {
  const relationship = (type: string, target: string): string =>
    `<Relationship Id="R" Type="${type}" Target="${target}"/>`;
  const relationships = (inner: string): string =>
    `<Relationships xmlns="${packages}/relationships">${inner}</Relationships>`;
  return [
    {
      name: "[Content_Types].xml",
      data: `<Types xmlns="${packages}/content-types"><Default Extension="png" ContentType="image/png"/></Types>`,
    },
    { name: "_rels/.rels", data: relationships(relationship(`${types}/aasx-origin`, "/aasx/aasx-origin")) },
    { name: "aasx/aasx-origin", data: "" },
    {
      name: "aasx/_rels/aasx-origin.rels",
      data: relationships(specs.map((spec) => relationship(`${types}/aas-spec`, spec)).join("")),
    },
  ];
}
