import type { Reading } from "../../core/reading.ts";
import type { Value } from "../../core/value.ts";
import { ModbusFault } from "./fault.ts";
import { type Block, type BlockLimits, halve, planBlocks, type Span } from "./plan-blocks.ts";
import { isBitTable, type ModbusAddress } from "./point-address.ts";
import { decodeRegisters } from "./registers.ts";

/** A point with its decoded address. */
export interface Point extends Span {
  readonly address: ModbusAddress;
}

export interface ReadEnvironment {
  readonly source: string;
  readonly now: () => number;
  readonly read: (block: Block) => Promise<Buffer>;
  /** Throws where nobody wants the answer any more. */
  readonly check: () => void;
  /** The cuts are learnt here and used by the next plan. */
  readonly limits: BlockLimits & { readonly cuts: Set<string> };
}

/** Reads points with as few requests as possible; what cannot be had becomes a reading of bad quality. */
export async function readPoints(points: readonly Point[], environment: ReadEnvironment): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const block of planBlocks(points, environment.limits)) {
    environment.check();
    readings.push(...(await readBlock(block, environment)));
  }
  return readings;
}

async function readBlock(block: Block<Point>, environment: ReadEnvironment): Promise<Reading[]> {
  const { source, now } = environment;
  try {
    const data = await environment.read(block);
    const receivedTime = now();
    return block.spans.map((point) => {
      return { source, tag: point.tag, value: decode(point, block, data), quality: "good", receivedTime };
    });
  } catch (thrown) {
    if (!(thrown instanceof ModbusFault)) throw thrown;
    const halves = thrown.isAboutTheRange ? halve(block) : undefined;
    if (halves) return await readHalves(halves, environment);
    const receivedTime = now();
    return block.spans.map(({ tag }) => {
      return { source, tag, value: null, quality: "bad", code: thrown.status, receivedTime };
    });
  }
}

/** Narrows down to the points that the device refuses. Where it refused is remembered, so that this happens once. */
async function readHalves(halves: readonly Block<Point>[], environment: ReadEnvironment): Promise<Reading[]> {
  const readings: Reading[] = [];
  const cut = halves[1]?.spans[0];
  if (cut) environment.limits.cuts.add(cut.tag);
  for (const half of halves) {
    environment.check();
    readings.push(...(await readBlock(half, environment)));
  }
  return readings;
}

function decode(point: Point, block: Block, data: Buffer): Value {
  const at = point.start - block.start;
  if (isBitTable(point.table)) return data[at] === 1;
  return decodeRegisters(data.subarray(at * 2, (at + point.length) * 2), point.address);
}
