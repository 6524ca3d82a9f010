// Runs Node 26 with the given arguments, after installing what a clone lacks: `node bin/node26.js src/main.ts check`.
import { run } from "./bootstrap/run.js";

run(process.argv.slice(2), { dev: true });
