import type { LeafAddress } from "../core/document.ts";
import { HubError } from "../core/errors.ts";
import type { Derivation, Link, WritePolicy } from "../core/link.ts";
import type { Value, ValueType } from "../core/value.ts";
import type { PointProgram } from "./point-program.ts";
import type { Settled } from "./settle.ts";
import { located, type Transform, transformOf } from "./transform.ts";

export interface LinkParts {
  readonly program: PointProgram;
  readonly settled: Settled;
  readonly type: ValueType;
  readonly tenant: string;
  readonly mapping: string;
  readonly assetKey: string;
  readonly tag: Link["tag"];
  readonly ends: readonly LeafAddress[];
}

/** Makes links; those of one point share their transform wherever type and facts agree. */
export class LinkMaker {
  readonly #transforms = new Map<Settled, Map<ValueType, Transform>>();

  make({ program, settled, type, tenant, mapping, assetKey, tag, ends }: LinkParts): Link {
    const transform = this.#transform(program, settled, type);
    const key = `${tenant}/${mapping}/${assetKey}/${program.name}`;
    const { place, quality, report, derived } = program;
    const write = writePolicy(program, settled, transform, key);
    return {
      key,
      point: program.name,
      asset: `${mapping}/${assetKey}`,
      place,
      ...(tag === undefined ? {} : { tag }),
      ends,
      type,
      ...(settled.unit === undefined ? {} : { unit: settled.unit }),
      decode: located(derived ? transform.finish : transform.decode, key, place),
      quality,
      report,
      history: program.definition.history ?? true,
      ...(write === undefined ? {} : { write }),
      ...(derived ? { derive: derivation(program, transform, key) } : {}),
    };
  }

  #transform(program: PointProgram, settled: Settled, type: ValueType): Transform {
    const ofType = this.#transforms.get(settled) ?? new Map<ValueType, Transform>();
    this.#transforms.set(settled, ofType);
    let transform = ofType.get(type);
    if (transform === undefined) {
      const { expression, inverse, scale } = program;
      const rawType = inverse === undefined && expression !== undefined ? undefined : settled.rawType;
      transform = transformOf({
        expression: program.derived ? undefined : expression,
        inverse,
        scale,
        unit: settled.step,
        type,
        rawType,
      });
      ofType.set(type, transform);
    }
    return transform;
  }
}

function writePolicy(
  { write, place }: PointProgram,
  settled: Settled,
  transform: Transform,
  key: string,
): WritePolicy | undefined {
  if (write === undefined) return undefined;
  const { min, max } = settled;
  const { when } = write;
  return {
    encode: located(transform.encode, key, place),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(when === undefined
      ? {}
      : {
          when: { text: when.text, holds: located((current: Current) => when.ofPoints(current) === true, key, place) },
        }),
    confirm: write.confirm,
  };
}

type Current = (point: string) => Value | undefined;

function derivation({ expression, place }: PointProgram, transform: Transform, key: string): Derivation {
  if (expression === undefined) throw new HubError("internal", `${key} is derived without an expression`);
  const evaluate = (current: Current): Value => transform.finish(expression.ofPoints(current));
  return { inputs: expression.inputs, evaluate: located(evaluate, key, place) };
}
