/**
 * The AAS Query Language by brute force over whole JSON documents: what the compiled queries are compared with. It shares
 * no code with the hub.
 */
type Json = unknown;
type Members = Readonly<Record<string, Json>>;
type Result = boolean | undefined;

export interface World {
  readonly shells: readonly Json[];
  /** As they are read over the API: live values laid over. */
  readonly submodels: readonly Json[];
}

type Target = "$aas" | "$sm" | "$aasdesc";

/** Texts of one element or document, and which item was taken of each list on the way there. */
interface Group {
  readonly texts: readonly string[];
  readonly trail: Members;
}

interface Env {
  readonly world: World;
  readonly target: Target;
  readonly document: Json;
  readonly trail: Members;
  readonly may: (joined: Json) => boolean;
}

export function naiveQuery(condition: Json, document: Json, target: Target, world: World): Result {
  return evaluate(condition, { world, target, document, trail: {}, may: () => true });
}

const members = (value: Json): Members =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
const list = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);
const keyValue = (reference: Json): Json => members(list(members(reference).keys)[0]).value;

function evaluate(condition: Json, env: Env): Result {
  const [[operator, operand] = ["", undefined]] = Object.entries(members(condition));
  switch (operator) {
    case "$boolean":
      return operand === true;
    case "$not": {
      const result = evaluate(operand, env);
      return result === undefined ? undefined : !result;
    }
    case "$or": {
      const results = list(operand).map((one) => evaluate(one, env));
      return results.includes(undefined) ? undefined : results.includes(true);
    }
    case "$and":
      return and(list(operand), env);
    case "$match":
      return match(list(operand), env);
    default:
      return compare(operator, list(operand), env);
  }
}

function and(conditions: readonly Json[], env: Env): Result {
  const joined = env.target === "$aas" ? "$sm" : "$aas";
  const choosing = "joined" in env.trail ? [] : conditions.filter((one) => isChooser(one, joined));
  const may = (document: Json): boolean =>
    env.may(document) &&
    choosing.every((one) => evaluate(one, { ...env, may: () => true, trail: { joined: document } }) === true);
  const results = conditions
    .filter((one) => !choosing.includes(one))
    .map((one) => evaluate(one, choosing.length === 0 ? env : { ...env, may }));
  if (choosing.length > 0) results.push(joinedOf(env).some(may));
  return results.includes(undefined) ? undefined : !results.includes(false);
}

function isChooser(condition: Json, root: string): boolean {
  const [[operator, operand] = ["", undefined]] = Object.entries(members(condition));
  if (operator === "$and" || operator === "$or") return list(operand).every((one) => isChooser(one, root));
  if (operator === "$not" || operator === "$match" || operator === "$boolean") return false;
  const fields = list(operand).flatMap((one) => fieldOf(one) ?? []);
  return fields.length > 0 && fields.every((field) => field.startsWith(`${root}#`));
}

/** Every way to take one item of each list that the comparisons lead through. */
function match(conditions: readonly Json[], env: Env): Result {
  const fields = conditions.flatMap((one) =>
    list(Object.values(members(one))[0]).flatMap((side) => fieldOf(side) ?? []),
  );
  const inside = conditions.flatMap(allFields).find((field) => /\[\]|^\$sme#/.test(field));
  const trails =
    fields.length > 0 || inside === undefined
      ? fields.flatMap((field) => groups(field, env).map(({ trail }) => trail))
      : groups(inside, env).map(({ trail: { joined, ...lists } }) =>
          Object.fromEntries([
            ...(joined === undefined ? [] : [["joined", joined]]),
            ...Object.entries(lists).slice(0, 1),
          ]),
        );
  const ways = new Map<string, Set<Json>>();
  for (const trail of trails) {
    for (const [key, id] of Object.entries(trail)) {
      if (!(key in env.trail)) ways.set(key, (ways.get(key) ?? new Set()).add(id));
    }
  }
  let assignments: readonly Members[] = [{}];
  for (const [key, ids] of ways) {
    assignments = assignments.flatMap((one) => [...ids].map((id) => ({ ...one, [key]: id })));
  }
  const results = assignments.map((trail) => {
    const inner = conditions.map((one) => evaluate(one, { ...env, trail: { ...env.trail, ...trail } }));
    return inner.includes(undefined) ? undefined : !inner.includes(false);
  });
  return some(results);
}

function allFields(condition: Json): readonly string[] {
  if (Array.isArray(condition)) return condition.flatMap(allFields);
  return Object.entries(members(condition)).flatMap(([key, value]) =>
    key === "$field" ? [String(value)] : allFields(value),
  );
}

const some = (results: readonly Result[]): Result => {
  if (results.includes(true)) return true;
  return results.length > 0 && results.every((one) => one === undefined) ? undefined : false;
};

function fieldOf(side: Json): string | undefined {
  const [[key, value] = ["", undefined]] = Object.entries(members(side));
  if (key === "$field") return String(value);
  return typeof value === "object" ? fieldOf(value) : undefined;
}

function compare(operator: string, [left, right]: readonly Json[], env: Env): Result {
  const [leftField, rightField] = [fieldOf(left), fieldOf(right)];
  const [lefts, rights] = [groupsOf(leftField, env), groupsOf(rightField, env)];
  const isEqual = ["$eq", "$ge", "$le"].includes(operator);
  const isEmpty = (all: readonly Group[]): boolean => all.every(({ texts }) => texts.length === 0);
  if (leftField !== undefined && rightField !== undefined && isEqual && isEmpty(lefts) && isEmpty(rights)) return true;
  const results = lefts.flatMap((one) =>
    rights
      .filter(
        ({ trail: { joined } }) =>
          joined === undefined || one.trail.joined === undefined || joined === one.trail.joined,
      )
      .map((other) => {
        const pairs = one.texts.flatMap((a) =>
          other.texts.map((b) => holds(operator, typed(left, right, a), typed(right, left, b))),
        );
        return some(pairs);
      }),
  );
  return some(results);
}

function groupsOf(field: string | undefined, env: Env): readonly Group[] {
  if (field === undefined) return [{ texts: [""], trail: {} }];
  return groups(field, env).filter(({ trail }) => agree(trail, env.trail));
}

const agree = (one: Members, other: Members): boolean =>
  Object.entries(one).every(([key, id]) => !(key in other) || other[key] === id);

/** A side's value; a field's text is cast as its casts say, else to what the other side is. */
function typed(side: Json, other: Json, text: string): Json {
  const [[key, value] = ["", undefined]] = Object.entries(members(side));
  switch (key) {
    case "$field": {
      const [[otherKey] = [""]] = Object.entries(members(other));
      if (["$numVal", "$numCast", "$year"].includes(otherKey)) return Number(text === "" ? Number.NaN : text);
      return otherKey === "$boolean" || otherKey === "$boolCast" ? booleanOf(text) : text;
    }
    case "$numCast":
      return Number(typed(value, {}, text) === "" ? Number.NaN : typed(value, {}, text));
    case "$boolCast":
      return booleanOf(String(typed(value, {}, text)));
    case "$strCast":
      return String(typed(value, {}, text));
    default:
      return value;
  }
}

const booleanOf = (text: string): boolean | undefined =>
  text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : undefined;

function holds(operator: string, left: Json, right: Json): Result {
  if (left === undefined || right === undefined) return undefined;
  if (operator.startsWith("$contains")) return String(left).includes(String(right));
  if (operator === "$starts-with") return String(left).startsWith(String(right));
  if (operator === "$ends-with") return String(left).endsWith(String(right));
  if (operator === "$regex") return new RegExp(String(right), "u").test(String(left));
  if (typeof left !== typeof right) return operator === "$ne";
  const [a, b] = [left as number, right as number];
  const ordered = typeof left !== "boolean";
  switch (operator) {
    case "$eq":
      return a === b;
    case "$ne":
      return a !== b;
    case "$gt":
      return ordered && a > b;
    case "$lt":
      return ordered && a < b;
    case "$ge":
      return a === b || (ordered && a > b);
    default:
      return a === b || (ordered && a < b);
  }
}

function joinedOf({ target, document, world }: Env): readonly Json[] {
  const refers = (shell: Json, submodel: Json): boolean =>
    list(members(shell).submodels).some((one) => keyValue(one) === members(submodel).id);
  if (target === "$aas") return world.submodels.filter((one) => refers(document, one));
  return target === "$sm" ? world.shells.filter((one) => refers(one, document)) : [];
}

/** All that a field leads to. */
function groups(field: string, env: Env): readonly Group[] {
  const [, root = "", path, attribute = ""] = /^(\$[a-z]+)(?:\.([^#]*))?#(.*)$/.exec(field) ?? [];
  const isTarget = root === env.target || (root === "$sme" && env.target === "$sm");
  const documents = isTarget
    ? [{ document: env.document, trail: {} }]
    : joinedOf(env)
        .filter(env.may)
        .map((document) => ({ document, trail: { joined: document } }));
  return documents.flatMap(({ document, trail }): readonly Group[] => {
    if (root !== "$sme") return attributeGroups(document, attribute, trail, field);
    return elementsAt(document, path).flatMap(({ element, trail: own }) =>
      attributeGroups(element, attribute, { ...trail, ...own }, field),
    );
  });
}

const childrenOf = (element: Json): readonly Json[] => {
  const { modelType, value, statements, annotations } = members(element);
  if (modelType === "SubmodelElementCollection" || modelType === "SubmodelElementList") return list(value);
  return modelType === "Entity"
    ? list(statements)
    : modelType === "AnnotatedRelationshipElement"
      ? list(annotations)
      : [];
};

interface Found {
  readonly element: Json;
  readonly trail: Members;
}

/** A path may begin at any element; without one all elements are meant. */
function elementsAt(submodel: Json, path: string | undefined): readonly Found[] {
  const top = list(members(submodel).submodelElements);
  const all: Json[] = [];
  const collect = (elements: readonly Json[]): void => {
    for (const element of elements) {
      all.push(element);
      collect(childrenOf(element));
    }
  };
  collect(top);
  if (path === undefined) return all.map((element) => ({ element, trail: { $sme: element } }));
  const [first = "", ...rest] = path.match(/[^.[\]]+|\[\d*\]/g) ?? [];
  let prefix = `$sme.${first}`;
  let found: readonly Found[] = all
    .filter((element) => members(element).idShort === first)
    .map((element) => ({ element, trail: {} }));
  for (const step of rest) {
    prefix += step;
    found = found.flatMap(({ element, trail }) => {
      const children = childrenOf(element);
      const isList = members(element).modelType === "SubmodelElementList";
      if (step === "[]")
        return isList ? children.map((child) => ({ element: child, trail: { ...trail, [prefix]: child } })) : [];
      if (step.startsWith("["))
        return isList
          ? children
              .slice(Number(step.slice(1, -1)))
              .slice(0, 1)
              .map((child) => ({ element: child, trail }))
          : [];
      return children.filter((child) => members(child).idShort === step).map((child) => ({ element: child, trail }));
    });
  }
  return found;
}

function attributeGroups(source: Json, attribute: string, trail: Members, field: string): readonly Group[] {
  const { modelType, value } = members(source);
  if (attribute === "value") {
    if (modelType === "MultiLanguageProperty")
      return [{ texts: list(value).map((one) => String(members(one).text)), trail }];
    const text = modelType === "ReferenceElement" ? keyValue(value) : value;
    return [{ texts: typeof text === "string" ? [text] : [], trail }];
  }
  if (attribute === "language") {
    const languages =
      modelType === "MultiLanguageProperty" ? list(value).map((one) => String(members(one).language)) : [];
    return [{ texts: languages, trail }];
  }
  const whole = /(semanticId|externalSubjectId|submodels(\[\d*\])?)$/.test(attribute)
    ? `${attribute}.keys[0].value`
    : attribute;
  const steps = whole.replace(/^(submodels|submodelDescriptors)(?!\[)/, "$1[]").match(/[^.[\]]+|\[\d*\]/g) ?? [];
  let prefix = field.slice(0, field.indexOf("#") + 1);
  let found: readonly { readonly value: Json; readonly trail: Members }[] = [{ value: source, trail }];
  for (const step of steps) {
    prefix += step;
    found = found.flatMap(({ value: at, trail: own }) => {
      if (step === "[]") return list(at).map((item) => ({ value: item, trail: { ...own, [prefix]: item } }));
      if (step.startsWith("["))
        return list(at)
          .slice(Number(step.slice(1, -1)))
          .slice(0, 1)
          .map((item) => ({ value: item, trail: own }));
      return step in members(at) ? [{ value: members(at)[step], trail: own }] : [];
    });
  }
  return found.map(({ value: text, trail: own }) => ({ texts: typeof text === "string" ? [text] : [], trail: own }));
}
