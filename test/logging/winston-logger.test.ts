import { expect } from "chai";
import { Secret } from "../../src/core/secret.ts";
import { createLogger, type LogSettings } from "../../src/logging/winston-logger.ts";

/** What is written to stderr while `work` runs. */
function heard(settings: LogSettings, work: (log: ReturnType<typeof createLogger>) => void): string {
  const { write } = process.stderr;
  let text = "";
  process.stderr.write = (chunk: string | Uint8Array): boolean => {
    text += chunk.toString();
    return true;
  };
  try {
    work(createLogger(settings));
  } finally {
    process.stderr.write = write;
  }
  return text;
}

describe("the log", () => {
  it("is one line of text an entry, whatever is in it", () => {
    const text = heard({ level: "info", format: "text" }, (log) => {
      log.warn("a\nb\u001b[31m", {
        reason: "c\nd",
        source: "line-1",
        big: 2n ** 63n,
        error: new Error("x\ny"),
        list: [1],
      });
      log.debug("not at this level");
    });
    expect(text.split("\n")).to.have.length(2);
    expect(text).to.match(
      /^\S+Z WARN {2}a\\nb\\u001b\[31m reason="c\\nd" source=line-1 big=9223372036854775808n error="x\\ny" list=\[ 1 \]\n$/,
    );
  });

  it("is one JSON object an entry, whose own fields no other overwrites", () => {
    const text = heard({ level: "error", format: "json" }, (log) =>
      log.error("told", { message: "other", level: 3, n: 5n }),
    );
    expect(JSON.parse(text)).to.deep.include({ level: "error", message: "told", n: "5" });
  });

  for (const format of ["text", "json"] as const) {
    it(`never shows a secret (${format})`, () => {
      const text = heard({ level: "info", format }, (log) =>
        log.info("x", { password: new Secret("hunter2"), deep: { key: new Secret("hunter2") } }),
      );
      expect(text).to.contain("***").and.not.to.contain("hunter2");
    });
  }
});
