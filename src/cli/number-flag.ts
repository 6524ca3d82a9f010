import { InvalidArgumentError } from "commander";

/** Reads a flag that is a number within bounds; commander says which flag was wrong. */
export function numberFlag(min: number, max: number, whole = true): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const isOne = text.trim() !== "" && value >= min && value <= max && (!whole || Number.isInteger(value));
    if (isOne) return value;
    throw new InvalidArgumentError(`A ${whole ? "whole number" : "number"} from ${min} to ${max} is wanted.`);
  };
}
