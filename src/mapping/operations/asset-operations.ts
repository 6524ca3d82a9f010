import type { BoundOperation } from "../../core/bound-operation.ts";
import type { MethodFacts } from "../../core/browse.ts";
import type { OperationWish, WovenOperation } from "../../core/end-codec.ts";
import { HubError } from "../../core/errors.ts";
import type { ValueType } from "../../core/value.ts";
import type { AssetProblems } from "../asset-problems.ts";
import { type Asset, someOf } from "../assets.ts";
import type { SourceView } from "../environment.ts";
import type { LoadedMapping } from "../load.ts";
import { fillValue } from "../placeholders.ts";
import { Problems } from "../problem.ts";
import { bindOperation } from "./bind-operation.ts";
import type { OperationProgram } from "./operation-program.ts";
import { type SettledArgument, settleCall, settleSet } from "./settle-arguments.ts";

type Types = (point: string) => ValueType | undefined;

/** The operations of a file on the way to each of its assets. */
export class AssetOperations {
  readonly #mapping: LoadedMapping;
  readonly #programs: readonly OperationProgram[];
  readonly #source: SourceView | undefined;
  readonly #methods = new Map<Asset, Map<OperationProgram, string>>();
  readonly #settled = new Map<Asset, Map<OperationProgram, readonly SettledArgument[]>>();
  #facts: ReadonlyMap<string, MethodFacts> | undefined;
  readonly unmatched: { asset: string; point: string; tag: string }[] = [];

  constructor(mapping: LoadedMapping, programs: readonly OperationProgram[], source: SourceView | undefined) {
    this.#mapping = mapping;
    this.#programs = programs;
    this.#source = source;
  }

  /** Finds the methods of all assets and asks the source for their arguments, once. */
  async find(assets: readonly Asset[], assetProblems: AssetProblems, problems: Problems): Promise<void> {
    const source = this.#source;
    for (const asset of assets) {
      const found = new Problems();
      const own = new Map<OperationProgram, string>();
      this.#methods.set(asset, own);
      for (const program of this.#programs) {
        const { call } = program.definition;
        if (call === undefined || source === undefined) continue;
        const place = program.placeOf("call");
        const before = found.all.length;
        const from = fillValue(call, asset, (problem) => found.error(place, problem));
        if (found.all.length > before) continue;
        const parsed = source.addresses.parse(from, asset.base);
        if ("problem" in parsed) found.error(place, parsed.problem);
        else own.set(program, parsed.tag);
      }
      assetProblems.take(asset.key, found);
    }
    const wanted = [...new Set([...this.#methods.values()].flatMap((own) => [...own.values()]))];
    this.#facts = wanted.length === 0 || source === undefined ? undefined : await this.#ask(source, wanted, problems);
    if (this.#facts !== undefined) this.#tellUnmatched(assets, this.#facts, problems);
  }

  /** What the asset wants of the standard that has operations. One whose arguments nobody knows yet is left out. */
  wishes(asset: Asset, typeOf: Types, problems: Problems): readonly OperationWish[] {
    const settled = new Map<OperationProgram, readonly SettledArgument[]>();
    this.#settled.set(asset, settled);
    return this.#programs.flatMap((program): readonly OperationWish[] => {
      const args = this.#argumentsOf(program, asset, typeOf, problems);
      if (args === undefined) return [];
      settled.set(program, args);
      const place = program.placeOf("aas");
      const end = fillValue(program.definition.aas, asset, (problem) => problems.error(place, problem));
      return [{ operation: program.name, end, place, arguments: args }];
    });
  }

  bind(
    asset: Asset,
    woven: readonly WovenOperation[],
    typeOf: (point: string) => ValueType,
  ): readonly BoundOperation[] {
    const { tenant, name, definition } = this.#mapping;
    return woven.flatMap((one) => {
      const program = this.#programs.find(({ name: known }) => known === one.operation);
      const settled = program === undefined ? undefined : this.#settled.get(asset)?.get(program);
      if (program === undefined || settled === undefined) return [];
      const address = this.#methods.get(asset)?.get(program);
      const method = address === undefined ? undefined : { source: definition?.source ?? "", method: address };
      return [
        bindOperation({ program, settled, woven: one, tenant, mapping: name, assetKey: asset.key, method, typeOf }),
      ];
    });
  }

  #argumentsOf(
    program: OperationProgram,
    asset: Asset,
    typeOf: Types,
    problems: Problems,
  ): readonly SettledArgument[] | undefined {
    if (program.writes !== undefined) return settleSet(program, typeOf);
    const address = this.#methods.get(asset)?.get(program);
    return address === undefined ? undefined : settleCall(program, this.#facts?.get(address), problems);
  }

  async #ask(source: SourceView, methods: readonly string[], problems: Problems) {
    const told = (text: string, expected: string): undefined => {
      for (const program of this.#programs) {
        if (program.definition.call !== undefined)
          problems.warning(program.placeOf("call"), { message: text, expected });
      }
      return undefined;
    };
    try {
      if (source.methods !== undefined) return await source.methods(methods);
    } catch (thrown) {
      const { code, message } = HubError.from(thrown);
      if (code === "aborted") throw thrown;
      if (code !== "unsupported") {
        const expected = "a source that answers; the operation is bound from then on";
        return told(`the source cannot be asked for the arguments of its methods: ${message}`, expected);
      }
    }
    for (const program of this.#programs) {
      if (program.definition.call === undefined) continue;
      problems.error(program.placeOf("call"), {
        message: `a source of type ${source.type} has no methods`,
        expected: "set: the points that the operation writes",
      });
    }
    return undefined;
  }

  #tellUnmatched(assets: readonly Asset[], facts: ReadonlyMap<string, MethodFacts>, problems: Problems): void {
    for (const program of this.#programs) {
      const missing = assets.flatMap((asset) => {
        const tag = this.#methods.get(asset)?.get(program);
        return tag === undefined || facts.has(tag) ? [] : [{ asset: asset.key, point: program.name, tag }];
      });
      const [first] = missing;
      if (first === undefined) continue;
      this.unmatched.push(...missing);
      const where =
        assets.length === 1
          ? first.tag
          : `${missing.length} of ${assets.length} assets: ${someOf(missing.map(({ asset }) => asset))}`;
      problems.warning(program.placeOf("call"), {
        message: `the source has no method for "${program.name}" (${where})`,
        expected: "the address of a method",
      });
    }
  }
}
