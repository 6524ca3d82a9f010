import type { AssetRequest, EndCodec, WovenEnd } from "../../core/end-codec.ts";
import { HubError, type Problem } from "../../core/errors.ts";
import { ENTITY_ASSET_ID } from "../../core/kin.ts";
import { placeText } from "../../core/place.ts";
import type { PlannedDocument } from "../../core/plan.ts";
import { modelReference } from "../metamodel/reference.ts";
import type { Shell, SubmodelElement } from "../metamodel/types.ts";
import { shellKind } from "../services/shell-kind.ts";
import { TemplateFiles } from "../templates/template-file.ts";
import { validateShell } from "../validation/validate.ts";
import {
  type OperationEndWish,
  operationEndSchema,
  type ShellWish,
  type SubmodelsWish,
  shellSchema,
  submodelsSchema,
} from "./aas-end-schema.ts";
import type { UnitSymbol } from "./leaf-property.ts";
import { type PlacedLeaf, readEnd, readLeaf } from "./leaf-wish.ts";
import type { PlacedOperation } from "./operation-element.ts";
import { weaveSubmodel } from "./weave-submodel.ts";
import { weaveTimeSeries } from "./weave-time-series.ts";
import { wishProblems } from "./wish-problems.ts";

/**
 * The AAS end of mapping files: a shell and its submodels for each asset, a Property for each `aas:`.
 * @param options `unitSymbol`: how a UNECE Rec 20 code is shown to people; the code itself by default
 */
export function createAasEnd(options: { readonly unitSymbol?: UnitSymbol } = {}): EndCodec {
  const unitSymbol = options.unitSymbol ?? (() => undefined);
  const templates = new TemplateFiles();
  return { members: ["shell", "submodels"], weave: async (request) => await weave(request, unitSymbol, templates) };
}

async function weave(request: AssetRequest, unitSymbol: UnitSymbol, templates: TemplateFiles): Promise<WovenEnd> {
  const { shell, submodels = {} } = request.twin;
  const problems: Problem[] = [
    ...(shell === undefined ? [] : wishProblems(shellSchema, shell, (at) => request.placeOf(`/shell${at}`))),
    ...wishProblems(submodelsSchema, submodels, (at) => request.placeOf(`/submodels${at}`)),
  ];
  if (problems.length > 0) return { documents: [], leaves: [], problems };
  const wishes = submodels as SubmodelsWish;
  const leaves: PlacedLeaf[] = [];
  for (const leaf of request.leaves) {
    const read = readLeaf(leaf, Object.keys(wishes));
    if ("message" in read) problems.push(read);
    else leaves.push(read);
  }
  const operations: PlacedOperation[] = [];
  for (const one of request.operations ?? []) {
    const read = readEnd<OperationEndWish>(one, operationEndSchema, Object.keys(wishes));
    if ("message" in read) problems.push(read);
    else operations.push({ request: one, ...read });
  }
  const wovenOf = async (idShort: string, wish: SubmodelsWish[string], elements?: readonly SubmodelElement[]) =>
    await weaveSubmodel({
      idShort,
      wish,
      ...(elements === undefined ? {} : { elements }),
      leaves: leaves.filter((leaf) => leaf.submodel === idShort),
      operations: operations.filter((one) => one.submodel === idShort),
      folder: request.folder,
      owner: request.owner,
      adopt: request.adopt,
      placeOf: (pointer) => request.placeOf(`/submodels/${idShort}${pointer}`),
      unitSymbol,
      templates,
    });
  const entries = Object.entries(wishes);
  const woven = await Promise.all(
    entries.flatMap(([idShort, wish]) => (wish.timeSeries === undefined ? [wovenOf(idShort, wish)] : [])),
  );
  // A time series shows the elements of the other submodels.
  const made = { leaves: woven.flatMap((one) => one.leaves), documents: woven.flatMap((one) => one.documents) };
  for (const [idShort, wish] of entries) {
    if (wish.timeSeries === undefined) continue;
    const placeOf = (pointer: string) => request.placeOf(`/submodels/${idShort}/timeSeries${pointer}`);
    const wrong: Problem[] = [];
    const elements = weaveTimeSeries({ ...made, id: wish.id, wish: wish.timeSeries, placeOf }, wrong);
    problems.push(...wrong);
    if (wrong.length === 0) woven.push(await wovenOf(idShort, wish, elements));
  }
  const planned = shell === undefined ? [] : plannedShell(request, shell as ShellWish, wishes, problems);
  return {
    documents: [...planned, ...woven.flatMap((one) => one.documents)],
    leaves: woven.flatMap((one) => one.leaves),
    operations: woven.flatMap((one) => one.operations),
    problems: [...problems, ...woven.flatMap((one) => one.problems)],
    warnings: woven.flatMap((one) => one.warnings),
  };
}

function plannedShell(
  { owner, adopt, placeOf, kin }: AssetRequest,
  { id, idShort, assetId, assetKind }: ShellWish,
  submodels: SubmodelsWish,
  problems: Problem[],
): readonly PlannedDocument[] {
  const references = Object.values(submodels).map((submodel) => modelReference("Submodel", submodel.id));
  const shell: Shell = {
    modelType: "AssetAdministrationShell",
    ...(idShort === undefined ? {} : { idShort }),
    id,
    assetInformation: {
      assetKind: assetKind ?? "Instance",
      globalAssetId: assetId,
      ...(kin?.entity === undefined ? {} : { specificAssetIds: [{ name: ENTITY_ASSET_ID, value: kin.entity }] }),
    },
    ...(references.length === 0 ? {} : { submodels: references }),
  };
  const place = placeOf("/shell");
  try {
    validateShell(shell);
  } catch (thrown) {
    for (const problem of HubError.from(thrown).problems) {
      problems.push({ ...problem, place: placeText(place), message: `${problem.place}: ${problem.message}` });
    }
    return [];
  }
  const document = { id, body: JSON.stringify(shell), keys: shellKind.keys(shell), owner };
  return [{ collection: "shell", document, parts: [], place, adopt }];
}
