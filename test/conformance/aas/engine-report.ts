/** A node of the tree that `aas_test_engines --output json` prints: message, level (0 ok, 1 warning, 2 error, 3 critical). */
export interface EngineNode {
  readonly m: string;
  readonly l: number;
  readonly s: readonly EngineNode[];
}

/** One check that the engine made of one operation; `reasons` where it is not ok. */
export interface Check {
  readonly operation: string;
  readonly name: string;
  readonly outcome: "ok" | "warning" | "failed";
  readonly reasons: readonly string[];
}

const operationPrefix = "Checking ";

/** The checks of a suite, in its order. A setup counts as one where it fails: its operation is not checked then. */
export function checksOf(suite: EngineNode): readonly Check[] {
  return suite.s
    .filter(({ m }) => m.startsWith(operationPrefix))
    .flatMap(({ m, s: sections }) => {
      const operation = m.slice(operationPrefix.length);
      return sections.flatMap((section) => {
        if (section.m !== "Setup") return section.s.map((check) => checkOf(operation, check));
        return section.l < 2 ? [] : [checkOf(operation, section)];
      });
    });
}

function checkOf(operation: string, node: EngineNode): Check {
  const name = node.m.replace(/\s+/g, " ").trim();
  const outcome = node.l === 0 ? "ok" : node.l === 1 ? "warning" : "failed";
  return { operation, name, outcome, reasons: reasonsOf(node) };
}

function reasonsOf(node: EngineNode): readonly string[] {
  if (node.l === 0) return [];
  return node.s.length === 0 ? [node.m.replace(/\s+/g, " ").slice(0, 300)] : node.s.flatMap(reasonsOf);
}
