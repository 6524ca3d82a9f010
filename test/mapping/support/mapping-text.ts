import { type CompiledMappings, compileMappings } from "../../../src/mapping/compile.ts";
import type { MappingEnvironment } from "../../../src/mapping/environment.ts";
import { parseMapping } from "../../../src/mapping/load.ts";
import { problemText } from "../../../src/mapping/problem.ts";
import { fakeEnvironment } from "./fake-environment.ts";

/** A whole mapping file around the lines of its points; the first of them is line 6. */
export function withPoints(points: string): string {
  return `twinweave: 1
source: line
twin:
  entity: { id: "urn:ngsi-ld:Pump:1", type: Pump }
points:
${points}`;
}

/** Compiles texts as files; a list gets the names `a.yaml`, `b.yaml`, … */
export function compileTexts(
  texts: string | readonly string[],
  environment: MappingEnvironment = fakeEnvironment(),
): Promise<CompiledMappings> {
  const files = [texts].flat().map((text, index) => parseMapping(text, `${String.fromCharCode(97 + index)}.yaml`));
  return compileMappings(files, environment);
}

export async function problemsOf(
  texts: string | readonly string[],
  environment?: MappingEnvironment,
): Promise<readonly string[]> {
  return (await compileTexts(texts, environment)).problems.map(problemText);
}
