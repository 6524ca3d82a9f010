/** A test of the ETSI suite (its open half) that asks for something else than the text of GS CIM 009 v1.9.1. */
export interface Contradiction {
  readonly test: string;
  readonly clause: string;
  readonly why: string;
}

const nothing =
  "the text has a deleted attribute told as the bare NGSI-LD Null unless more is asked for; it wants an object";

export const contradictions: readonly Contradiction[] = [
  {
    test: "452_03_01",
    clause: "4.5.2.2, C.11",
    why: "it wants a signature's sealed members back as attributes; the text seals `id` and `type` as bare texts",
  },
  {
    test: "016_02_06",
    clause: "5.6.14.4",
    why: "a name that is missing in the path is BadRequestData (400) in the text; it wants 405",
  },
  {
    test: "5744_01_08",
    clause: "4.9",
    why: "the grammar of q has no negated existence; it asks `!heading`",
  },
  {
    test: "050_02_01",
    clause: "5.5.4",
    why: "valid JSON with wrong content is BadRequestData in the text; it wants InvalidRequest",
  },
  {
    test: "5811_02_04",
    clause: "5.5.4",
    why: "data that is not as its type is defined is refused by the text; it wants an unknown member ignored",
  },
  {
    test: "046_20",
    clause: "6.3.8",
    why: "in application/json the context stands in the Link header; it wants it in the body",
  },
  { test: "046_22_04", clause: "5.8.6", why: nothing },
  { test: "046_22_08", clause: "5.8.6", why: nothing },
  { test: "046_22_10_01", clause: "5.8.6", why: nothing },
  { test: "046_22_10_02", clause: "5.8.6", why: nothing },
  { test: "046_22_10_03", clause: "5.8.6", why: nothing },
  { test: "046_22_12", clause: "5.8.6", why: nothing },
];

/** Tests in the folders of one broker that need another's registration. */
export const ofRegistrations: readonly string[] = ["043_01_05", "049_01_03", "049_01_04", "414_01_03"];
