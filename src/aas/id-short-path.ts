import { HubError } from "../core/errors.ts";

/** One step down: an idShort, or the index of an item of a SubmodelElementList. */
export type Step = string | number;

const grammar =
  /^[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\[(?:0|[1-9][0-9]*)\])*(?:\.[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\[(?:0|[1-9][0-9]*)\])*)*$/;
const longest = 2048;

/** Whether a text is an idShortPath (IDTA-01001 v3.1, format "Path": grammar). */
export function isIdShortPath(text: string): boolean {
  return text.length <= longest && grammar.test(text);
}

/** Reads an idShortPath; `malformed` where it is none. */
export function parseIdShortPath(text: string): readonly Step[] {
  if (!isIdShortPath(text)) {
    throw new HubError("malformed", `"${printable(text)}" is no idShortPath`, {
      problems: [
        {
          place: "idShortPath",
          message: `"${printable(text)}" is no idShortPath`,
          expected: "idShorts joined by dots, list items by index: Motor.Phases[0].Current",
          rule: "IDTA-01001 v3.1, idShortPath grammar",
        },
      ],
    });
  }
  const steps: Step[] = [];
  for (const [, name, index] of text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
  }
  return steps;
}

/** The path of a child: `Motor` and `Speed` make `Motor.Speed`, `Phases` and 0 make `Phases[0]`. */
export function childPath(parent: string | undefined, step: Step): string {
  if (typeof step === "number") return `${parent ?? ""}[${step}]`;
  return parent === undefined || parent === "" ? step : `${parent}.${step}`;
}

export function formatIdShortPath(steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => childPath(path, step), "");
}

/** The path one level up; `undefined` for an element right below its submodel. */
export function parentPath(path: string): string | undefined {
  const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  return cut <= 0 ? undefined : path.slice(0, cut);
}

/** The last step of a path. */
export function lastStep(path: string): Step {
  const cut = Math.max(path.lastIndexOf("."), path.lastIndexOf("["));
  if (cut < 0) return path;
  return path[cut] === "[" ? Number(path.slice(cut + 1, -1)) : path.slice(cut + 1);
}

/** Whether `path` is `ancestor` or lies below it. */
export function isAtOrBelow(path: string, ancestor: string): boolean {
  if (!path.startsWith(ancestor)) return false;
  const next = path[ancestor.length];
  return next === undefined || next === "." || next === "[";
}

/** Control characters do not belong in a message. */
function printable(text: string): string {
  return text.slice(0, 200).replace(/\p{C}/gu, "\uFFFD");
}

/** The path of each element from the top down to the one at `path`. */
export function pathsDownTo(path: string): readonly string[] {
  const parent = parentPath(path);
  return parent === undefined ? [path] : [...pathsDownTo(parent), path];
}
