// `npm start`: the demo plant and the hub.
import { join } from "node:path";
import { ROOT, run } from "./bootstrap/run.js";

run([join(ROOT, "src/main.ts"), "start", ...process.argv.slice(2)], { dev: false });
