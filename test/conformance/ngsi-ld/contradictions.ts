/** A test of the ETSI suite (its open half) that asks for something else than the text of GS CIM 009 v1.9.1. */
export interface Contradiction {
  readonly test: string;
  readonly clause: string;
  readonly why: string;
}

export const contradictions: readonly Contradiction[] = [
  {
    test: "452_03_01",
    clause: "4.5.2.2, C.11",
    why: "it wants a signature's sealed members back as attributes; the text seals `id` and `type` as bare texts",
  },
];
