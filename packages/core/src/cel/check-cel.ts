import { CEL_ATTRIBUTES } from './cel-attributes.ts';
import { CelError, type CelExpression, type CelLiteral } from './cel-expression.ts';

/** How many values a function takes, its target not counted. */
const FUNCTIONS: Readonly<Record<string, number>> = { has: 1, string: 1, int: 1, double: 1, bool: 1, size: 1, duration: 1 };
const METHODS: Readonly<Record<string, number>> = {
  startsWith: 1,
  endsWith: 1,
  contains: 1,
  matches: 1,
  size: 0,
  lowerAscii: 0,
  upperAscii: 0,
  getMilliseconds: 0,
  getSeconds: 0,
};

/** The attribute that a name or a chain of fields says: `request.headers`; undefined where it says none. */
export function attributeName(expression: CelExpression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'field') return undefined;
  const of = attributeName(expression.of);
  return of === undefined ? undefined : `${of}.${expression.field}`;
}

/**
 * Sees whether all attributes and functions of an expression are ones that the mesh has.
 *
 * @throws {CelError} naming the first that is not
 */
export function checkCel(expression: CelExpression): void {
  switch (expression.kind) {
    case 'literal':
      return;
    case 'list':
      return expression.items.forEach(checkCel);
    case 'unary':
      return checkCel(expression.of);
    case 'binary':
      checkCel(expression.left);
      return checkCel(expression.right);
    case 'choice':
      checkCel(expression.test);
      checkCel(expression.yes);
      return checkCel(expression.no);
    case 'index':
      checkCel(expression.of);
      return checkCel(expression.index);
    case 'call':
      return checkCall(expression);
    case 'name':
    case 'field':
      return checkAttribute(expression);
  }
}

function checkCall({ target, name, values, at }: CelExpression & { kind: 'call' }): void {
  const known = target ? METHODS : FUNCTIONS;
  const wanted = Object.hasOwn(known, name) ? known[name] : undefined;
  if (wanted === undefined)
    throw new CelError(
      `${target ? 'the method' : 'the function'} ${name} is not supported; there are ${Object.keys(known).join(', ')}`,
      at,
    );
  if (values.length !== wanted)
    throw new CelError(`${name} takes ${wanted} ${wanted === 1 ? 'value' : 'values'}, not ${values.length}`, at);
  if (target) checkCel(target);
  if (name === 'matches' && typeof literalOf(values[0]) !== 'string') throw new CelError('matches takes a literal', at);
  if (name === 'has' && values[0]?.kind !== 'field') throw new CelError('has asks for a field: has(request.headers.name)', at);
  values.forEach(checkCel);
}

/** The longest chain that is an attribute; of a map one field more. */
function checkAttribute(expression: CelExpression & { kind: 'name' | 'field' }): void {
  const name = attributeName(expression);
  if (name !== undefined && CEL_ATTRIBUTES.has(name)) return;
  if (expression.kind === 'field') {
    const of = attributeName(expression.of);
    if (of !== undefined && CEL_ATTRIBUTES.get(of) === 'map') return;
    if (of === undefined) throw new CelError(`.${expression.field} asks for a field of a value that has none`, expression.at);
  }
  throw new CelError(`the attribute ${name} is not available here`, expression.at, name);
}

function literalOf(expression: CelExpression | undefined): CelLiteral | undefined {
  return expression?.kind === 'literal' ? expression.value : undefined;
}
