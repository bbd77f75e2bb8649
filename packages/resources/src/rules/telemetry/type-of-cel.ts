import { attributeName, CEL_ATTRIBUTES, CelError, type CelExpression } from '@lateen/core/cel';

type Type = 'bool' | 'string' | 'int' | 'double' | 'duration' | 'list' | 'null' | 'map' | 'any';

const CALLS: Readonly<Record<string, Type>> = {
  has: 'bool',
  startsWith: 'bool',
  endsWith: 'bool',
  contains: 'bool',
  matches: 'bool',
  size: 'int',
  int: 'int',
  string: 'string',
  double: 'double',
  bool: 'bool',
  duration: 'duration',
};

/**
 * What an expression is, as far as can be told before it is asked.
 *
 * @throws {CelError} where two things are put together that never fit
 */
export function typeOfCel(expression: CelExpression): Type {
  switch (expression.kind) {
    case 'literal':
      return literalType(expression.value);
    case 'list':
      return 'list';
    case 'unary':
      return expression.operator === '!' ? (demand(expression.of, 'bool'), 'bool') : typeOfCel(expression.of);
    case 'binary':
      return binaryType(expression);
    case 'choice':
      demand(expression.test, 'bool');
      return typeOfCel(expression.yes);
    case 'call':
      return Object.hasOwn(CALLS, expression.name) ? (CALLS[expression.name] as Type) : 'any';
    default:
      return CEL_ATTRIBUTES.get(attributeName(expression) ?? '') ?? 'any';
  }
}

function literalType(value: unknown): Type {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'int' : 'double';
}

function binaryType({ operator, left, right, at }: CelExpression & { kind: 'binary' }): Type {
  if (operator === '||' || operator === '&&') {
    demand(left, 'bool');
    demand(right, 'bool');
    return 'bool';
  }
  const types = [typeOfCel(left), typeOfCel(right)] as const;
  if (operator === 'in') return 'bool';
  if (!fit(...types)) throw new CelError(`${operator} cannot put ${types[0]} and ${types[1]} together`, at);
  return /^[-+*/%]$/.test(operator) ? types[0] : 'bool';
}

/** Whole and other numbers may be compared; of `any` only the request tells; anything may be null. */
function fit(left: Type, right: Type): boolean {
  const isNumber = (type: Type): boolean => type === 'int' || type === 'double';
  return left === right || [left, right].some((type) => type === 'any' || type === 'null') || (isNumber(left) && isNumber(right));
}

function demand(expression: CelExpression, wanted: Type): void {
  const type = typeOfCel(expression);
  if (type !== wanted && type !== 'any')
    throw new CelError(`this must be of type ${wanted}, and is of type ${type}`, expression.at);
}
