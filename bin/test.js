// `npm test [-- file or folder …]`: installs what is missing and runs the tests, all of them unless some are named.
// With CI=true a test that is skipped, or that runs alone, fails; but on a clone without the published schemas and
// templates beside it (../shared) the tests that compare with them are skipped, aloud.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./bootstrap/run.js";

/** @param {string} argument */
const asPattern = (argument) =>
  statSync(argument, { throwIfNoEntry: false })?.isDirectory() ? join(argument, "**/*.test.ts") : argument;

const given = process.argv.slice(2).map(asPattern);
const named = given.some((argument) => !argument.startsWith("-"));
const complete = existsSync(join(ROOT, "../shared"));
const strict = process.env.CI === "true" ? ["--forbid-only", ...(complete ? ["--forbid-pending"] : [])] : [];
const mocha = join(ROOT, "node_modules/mocha/bin/mocha.js");

run([mocha, ...strict, ...(named ? given : [...given, "test/**/*.test.ts"])], { dev: true });
