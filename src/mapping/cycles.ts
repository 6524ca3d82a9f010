import type { PointProgram } from "./point-program.ts";
import type { Problems } from "./problem.ts";

/** Derived points may build on each other, but not in a ring; each ring is told once, where it begins in the file. */
export function checkCycles(programs: readonly PointProgram[], problems: Problems): void {
  const derived = new Map(programs.filter((program) => program.derived).map((program) => [program.name, program]));
  const done = new Set<string>();
  const walk = (name: string, trail: readonly string[]): void => {
    const program = derived.get(name);
    if (program === undefined || done.has(name)) return;
    const start = trail.indexOf(name);
    if (start >= 0) {
      const ring = [...trail.slice(start), name];
      problems.error(program.placeOf("expr"), {
        message: `points are made from each other in a ring: ${ring.join(" → ")}`,
        expected: "at least one of them from an address",
      });
      for (const member of ring) done.add(member);
      return;
    }
    for (const input of program.expression?.inputs ?? []) walk(input, [...trail, name]);
    done.add(name);
  };
  for (const name of derived.keys()) walk(name, []);
}
