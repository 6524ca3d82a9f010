/** A value that cannot become what the link declares. The transform that meets it adds the link's place. */
export class ValueProblem extends Error {
  override readonly name = "ValueProblem";
}
