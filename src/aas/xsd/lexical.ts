import type { XsdType } from "../metamodel/literals.ts";
import { integerBounds } from "./xsd-type.ts";

const integer = /^[+-]?[0-9]+$/;
const zone = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?";
const time = "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?|24:00:00(?:\\.0+)?)";
const year = "-?(?:[1-9][0-9]{4,}|[0-9]{4})";
const month = "(?:0[1-9]|1[0-2])";
const day = "(?:0[1-9]|[12][0-9]|3[01])";

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

interface Lexical {
  readonly grammar: { test(text: string): boolean };
  readonly example: string;
}

/** Grammar and an example of each type that is not an integer (XML Schema 1.0 part 2, lexical representations). */
const grammars: Readonly<Partial<Record<XsdType, Lexical>>> = {
  "xs:boolean": { grammar: /^(?:true|false|1|0)$/, example: "true or false" },
  "xs:decimal": { grammar: /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/, example: "a decimal number such as 12.50" },
  "xs:double": {
    grammar: /^(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$/,
    example: "a number such as 12.5 or 1.25E1, INF, -INF or NaN",
  },
  "xs:float": {
    grammar: /^(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$/,
    example: "a number such as 12.5 or 1.25E1, INF, -INF or NaN",
  },
  "xs:dateTime": {
    grammar: new RegExp(`^${year}-${month}-${day}T${time}${zone}$`),
    example: "a time such as 2026-11-22T18:30:00Z",
  },
  "xs:date": { grammar: new RegExp(`^${year}-${month}-${day}${zone}$`), example: "a date such as 2026-11-22" },
  "xs:time": { grammar: new RegExp(`^${time}${zone}$`), example: "a time of day such as 18:30:00" },
  "xs:gYear": { grammar: new RegExp(`^${year}${zone}$`), example: "a year such as 2026" },
  "xs:gYearMonth": { grammar: new RegExp(`^${year}-${month}${zone}$`), example: "a month such as 2026-11" },
  "xs:gMonth": { grammar: new RegExp(`^--${month}${zone}$`), example: "a month such as --11" },
  "xs:gMonthDay": {
    grammar: new RegExp(`^--(?!02-3|(?:04|06|09|11)-31)${month}-${day}${zone}$`),
    example: "a day such as --11-22",
  },
  "xs:gDay": { grammar: new RegExp(`^---${day}${zone}$`), example: "a day such as ---22" },
  "xs:duration": {
    grammar:
      /^-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?$/,
    example: "a duration such as PT30S",
  },
  "xs:hexBinary": { grammar: /^(?:[0-9a-fA-F]{2})*$/, example: "pairs of hexadecimal digits" },
  "xs:base64Binary": {
    // Single spaces may stand between any two characters.
    grammar: { test: (text) => base64.test(/^ | $| {2}/.test(text) ? text : text.replaceAll(" ", "")) },
    example: "base64 with its padding",
  },
  "xs:anyURI": {
    grammar: /^(?:[^#%]|%[0-9a-fA-F]{2})*(?:#(?:[^#%]|%[0-9a-fA-F]{2})*)?$/,
    example: "a URI with one # at most, and two hexadecimal digits after each %",
  },
};

/** Days that a month does not have (2026-02-30) are refused too. */
const dated = /^(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})/;

/** Whether a text is in the lexical space of a type; white space is not collapsed, as JSON clients send none. */
export function isLexical(type: XsdType, text: string): boolean {
  const bounds = integerBounds(type);
  if (bounds !== undefined) {
    if (!integer.test(text) || text.length > 1000) return false;
    const value = BigInt(text.replace(/^\+/, ""));
    return (bounds.min === undefined || value >= bounds.min) && (bounds.max === undefined || value <= bounds.max);
  }
  const entry = grammars[type];
  if (entry === undefined) return true;
  if (!entry.grammar.test(text)) return false;
  return type !== "xs:dateTime" && type !== "xs:date" ? true : isCalendarDay(text);
}

/** What would be right, for messages. */
export function lexicalExample(type: XsdType): string {
  const bounds = integerBounds(type);
  if (bounds === undefined) return grammars[type]?.example ?? `a text of type ${type}`;
  const low = bounds.min === undefined ? "" : ` from ${bounds.min}`;
  const high = bounds.max === undefined ? "" : ` to ${bounds.max}`;
  return `an integer${low}${high}`;
}

function isCalendarDay(text: string): boolean {
  const [, written, month, day] = dated.exec(text) ?? [];
  // Year -1 comes before year 1: it is the leap year that astronomers call 0.
  const year = Number(written) < 0 ? Number(written) + 1 : Number(written);
  const leapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
  // There is no year 0 in XML Schema 1.0.
  return days !== undefined && Number(day) <= days && Number(written) !== 0;
}
