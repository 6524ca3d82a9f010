import { expect } from "chai";
import { HubError } from "../../src/core/errors.ts";
import { HistoryBlockBuilder, isDeleted, kindOf, metaOf, qualityBits } from "../../src/store/history/history-block.ts";
import { decodeHistory, encodeHistory } from "../../src/store/history/history-codec.ts";

function blockOf(rows: number, at: (row: number) => number) {
  const builder = new HistoryBlockBuilder(rows);
  for (let row = 0; row < rows; row++) {
    const text = row % 7 === 0 ? `t${row}` : undefined;
    builder.add(
      row % 5,
      metaOf(row % 10, row % 3, row % 2 === 1),
      -row / 3,
      at(row),
      at(row) + 1,
      5,
      row,
      text,
      undefined,
    );
  }
  return builder.finish();
}

describe("blocks of history", () => {
  for (const rows of [0, 1, 15, 16, 1_000]) {
    it(`come back as they were: ${rows} rows`, () => {
      for (const at of [(row: number) => 1e12 + row, (row: number) => row / 7, () => -0]) {
        const block = blockOf(rows, at);
        const { body, checksum } = encodeHistory(block);
        expect(decodeHistory(body, checksum)).to.deep.equal(block);
      }
    });
  }

  it("a kind, a quality and a mark share an octet", () => {
    const meta = metaOf(9, 2, true);
    expect([kindOf(meta), qualityBits(meta), isDeleted(meta)]).to.deep.equal([9, 2, true]);
    expect(isDeleted(metaOf(15, 3, false))).to.equal(false);
  });

  it("a damaged one is not read", () => {
    const { body, checksum } = encodeHistory(blockOf(100, (row) => row));
    body[50] = (body[50] ?? 0) ^ 1;
    expect(() => decodeHistory(body, checksum))
      .to.throw(HubError)
      .with.property("code", "store-corrupt");
  });
});
