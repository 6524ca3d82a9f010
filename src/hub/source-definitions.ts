import type { Config } from "../config/load.ts";
import { HubError, type Problem } from "../core/errors.ts";
import { nearestWord } from "../core/nearest-word.ts";
import type { ConnectorType } from "../southbound/contract.ts";
import type { SourceDefinition } from "../southbound/runtime.ts";

/**
 * The connections of the configuration, each checked by its connector's own schema.
 * @throws HubError `config` with every problem of every source
 */
export function sourceDefinitions(
  sections: Config["sources"],
  types: readonly ConnectorType[],
): readonly SourceDefinition[] {
  const problems: Problem[] = [];
  const definitions: SourceDefinition[] = [];
  for (const section of sections.values()) {
    const type = types.find(({ type: name }) => name === section.type);
    if (type === undefined) {
      const known = types.map(({ type: name }) => name);
      const near = nearestWord(section.type, known);
      const expected = near === undefined ? `one of ${known.join(", ")}` : `${near} (there are ${known.join(", ")})`;
      problems.push({ place: section.place, message: `no connector is called ${section.type}`, expected });
      continue;
    }
    const checked = section.check(type.config);
    if ("problems" in checked) problems.push(...checked.problems);
    else definitions.push({ name: section.name, type, config: checked.settings });
  }
  if (problems.length > 0) throw new HubError("config", "the sources of the configuration have problems", { problems });
  return definitions;
}
