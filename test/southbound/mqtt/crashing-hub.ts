/**
 * A hub that dies: takes messages as the connector does, commits the first batch, holds on to all that follow, says so
 * on standard output and waits to be killed.
 *
 * usage: crashing-hub.ts CONFIG-AS-JSON DATA-DIR TAG
 */
import { silentLogger } from "../../../src/core/logger.ts";
import { systemClock } from "../../../src/core/time.ts";
import { mqtt } from "../../../src/southbound/mqtt/mqtt.ts";

const [config = "{}", dataDir = "", tag = ""] = process.argv.slice(2);
const never = new AbortController().signal;
let committed = false;
const connection = await mqtt
  .create(JSON.parse(config), { source: "sensors", log: silentLogger, clock: systemClock, dataDir })
  .connect(
    {
      async push(readings) {
        if (!committed) {
          committed = true;
          console.log(JSON.stringify({ committed: readings.map(({ value }) => value) }));
          return;
        }
        console.log(JSON.stringify({ held: readings.map(({ value }) => value) }));
        await new Promise(() => undefined);
      },
      alive() {},
    },
    never,
  );
await connection.subscribe([{ tag }], never);
console.log(JSON.stringify({ ready: true }));
