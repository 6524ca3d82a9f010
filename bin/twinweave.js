#!/usr/bin/env node
// The `twinweave` command. A clone runs its sources; the published package its stripped ones, since Node strips no
// types below node_modules.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./bootstrap/run.js";

const sources = join(ROOT, "src/main.ts");
const main = existsSync(sources) ? sources : join(ROOT, "dist/main.js");
run([main, ...process.argv.slice(2)], { dev: false });
