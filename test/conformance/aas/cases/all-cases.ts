import type { Case } from "../case.ts";
import type { OfficialOperation } from "../official/openapi.ts";
import { routeOf } from "../official/route.ts";
import { attachmentCases } from "./attachment-cases.ts";
import { derivedCases } from "./derived-cases.ts";
import { elementCases } from "./element-cases.ts";
import { invokeCases } from "./invoke-cases.ts";
import { packageCases } from "./package-cases.ts";
import { queryCases } from "./query-cases.ts";
import { discoveryCases, registriesCases } from "./registry-cases.ts";
import { conceptCases, serializationCases, submodelRepositoryCases } from "./repository-cases.ts";
import { shellCases, shellPlaces, shellRepositoryCases } from "./shell-cases.ts";
import { submodelCases } from "./submodel-cases.ts";
import { trees } from "./tree.ts";

/** Every case by hand, and what follows from each operation's first success. */
export function allCases(operations: readonly OfficialOperation[]): readonly Case[] {
  const written = [
    ...shellPlaces.flatMap(shellCases),
    ...shellRepositoryCases,
    ...submodelRepositoryCases,
    ...trees.flatMap((tree) => [
      ...submodelCases(tree),
      ...elementCases(tree),
      ...attachmentCases(tree),
      ...invokeCases(tree),
    ]),
    ...conceptCases,
    ...queryCases,
    ...registriesCases,
    ...discoveryCases,
    ...packageCases,
    ...serializationCases,
  ];
  const known = new Set(operations.map(routeOf));
  const stray = written.filter((one) => !known.has(routeOf(one)));
  if (stray.length > 0) throw new Error(`no official operation: ${stray.map(routeOf).join(", ")}`);
  return operations.flatMap((operation) => {
    const own = written.filter((one) => routeOf(one) === routeOf(operation));
    const success = own.find(({ status, what }) => status < 400 && what === "");
    return success === undefined ? own : [...own, ...derivedCases(operation, success)];
  });
}
