import { parseDurationMs } from '../duration.ts';
import { CEL_ATTRIBUTES } from './cel-attributes.ts';
import { callOf } from './cel-functions.ts';
import type { CelExpression, CelOperator } from './cel-expression.ts';
import { compare, divide, equals, isIn, multiply, remainder, subtract, add } from './cel-operators.ts';
import type { CelMap, CelValue } from './cel-value.ts';
import { attributeName, checkCel } from './check-cel.ts';
import { parseCel } from './parse-cel.ts';

/** An expression that can be asked: of facts, whatever these are. */
export type CelProgram<Facts> = (facts: Facts) => CelValue;

export interface CelEnvironment<Facts> {
  /** The value of an attribute, by the names of `CEL_ATTRIBUTES`; undefined where these facts have none. */
  readonly attribute: (name: string) => (facts: Facts) => CelValue;
  /** Regular expressions of RE2, matched anywhere in the text. */
  readonly regex: (pattern: string) => (text: string) => boolean;
}

export interface CompiledCel<Facts> {
  readonly program: CelProgram<Facts>;
  /** Every attribute that is asked. */
  readonly attributes: ReadonlySet<string>;
}

/**
 * Makes an expression into functions; asking it parses nothing.
 *
 * @throws {CelError} where the text is no expression, or asks what there is not
 */
export function compileCel<Facts>(text: string, environment: CelEnvironment<Facts>): CompiledCel<Facts> {
  const expression = parseCel(text);
  checkCel(expression);
  const compiler = new Compiler(environment);
  return { program: compiler.compile(expression), attributes: compiler.attributes };
}

class Compiler<Facts> {
  readonly attributes = new Set<string>();
  readonly #environment: CelEnvironment<Facts>;

  constructor(environment: CelEnvironment<Facts>) {
    this.#environment = environment;
  }

  compile(expression: CelExpression): CelProgram<Facts> {
    switch (expression.kind) {
      case 'literal':
        return () => expression.value;
      case 'list':
        return this.#list(expression.items);
      case 'name':
      case 'field':
        return this.#field(expression);
      case 'index':
        return this.#index(expression);
      case 'unary':
        return this.#unary(expression);
      case 'binary':
        return this.#binary(expression.operator, this.compile(expression.left), this.compile(expression.right));
      case 'choice':
        return this.#choice(expression);
      case 'call':
        return this.#call(expression);
    }
  }

  #list(items: readonly CelExpression[]): CelProgram<Facts> {
    const programs = items.map((item) => this.compile(item));
    return (facts) => programs.map((program) => program(facts));
  }

  #field(expression: CelExpression & { kind: 'name' | 'field' }): CelProgram<Facts> {
    const name = attributeName(expression);
    if (name !== undefined && CEL_ATTRIBUTES.has(name)) {
      this.attributes.add(name);
      return this.#environment.attribute(name);
    }
    // Checked before: what is no attribute is a field of a map.
    const { of, field } = expression as CelExpression & { kind: 'field' };
    const map = this.compile(of);
    return (facts) => (map(facts) as CelMap | undefined)?.get(field);
  }

  #index({ of, index }: CelExpression & { kind: 'index' }): CelProgram<Facts> {
    const [container, position] = [this.compile(of), this.compile(index)];
    return (facts) => {
      const [held, at] = [container(facts), position(facts)];
      if (Array.isArray(held)) return typeof at === 'bigint' ? (held as readonly CelValue[])[Number(at)] : undefined;
      return isMap(held) && typeof at === 'string' ? held.get(at) : undefined;
    };
  }

  #unary({ operator, of }: CelExpression & { kind: 'unary' }): CelProgram<Facts> {
    const program = this.compile(of);
    if (operator === '!') {
      return (facts) => {
        const value = program(facts);
        return typeof value === 'boolean' ? !value : undefined;
      };
    }
    return (facts) => {
      const value = program(facts);
      return typeof value === 'bigint' || typeof value === 'number' ? -value : undefined;
    };
  }

  #binary(operator: CelOperator, left: CelProgram<Facts>, right: CelProgram<Facts>): CelProgram<Facts> {
    if (operator === '&&') return junction(left, right, false);
    if (operator === '||') return junction(left, right, true);
    const operate = OPERATORS[operator];
    return (facts) => {
      const [one, other] = [left(facts), right(facts)];
      return one === undefined || other === undefined ? undefined : operate(one, other);
    };
  }

  #choice({ test, yes, no }: CelExpression & { kind: 'choice' }): CelProgram<Facts> {
    const [condition, then, otherwise] = [this.compile(test), this.compile(yes), this.compile(no)];
    return (facts) => {
      const value = condition(facts);
      if (typeof value !== 'boolean') return undefined;
      return value ? then(facts) : otherwise(facts);
    };
  }

  #call({ target, name, values }: CelExpression & { kind: 'call' }): CelProgram<Facts> {
    const programs = [...(target ? [target] : []), ...values].map((value) => this.compile(value));
    if (name === 'has') return (facts) => programs[0]?.(facts) !== undefined;
    const [first] = values;
    const literal = first?.kind === 'literal' && typeof first.value === 'string' ? first.value : undefined;
    if (name === 'matches') {
      const matches = this.#environment.regex(literal as string);
      return (facts) => {
        const text = programs[0]?.(facts);
        return typeof text === 'string' ? matches(text) : undefined;
      };
    }
    const operate = callOf(name, parseDurationMs);
    return (facts) => {
      const given = programs.map((program) => program(facts));
      return given.includes(undefined) ? undefined : operate(given);
    };
  }
}

/** `&&` and `||`: one side alone may decide, whatever became of the other. */
function junction<Facts>(left: CelProgram<Facts>, right: CelProgram<Facts>, decisive: boolean): CelProgram<Facts> {
  return (facts) => {
    const one = left(facts);
    if (one === decisive) return decisive;
    const other = right(facts);
    if (other === decisive) return decisive;
    return one === !decisive && other === !decisive ? !decisive : undefined;
  };
}

type Operation = (one: CelValue, other: CelValue) => CelValue;

const ordered =
  (holds: (order: number) => boolean): Operation =>
  (one, other) => {
    const order = compare(one, other);
    return order === undefined ? undefined : holds(order);
  };

const OPERATORS: Readonly<Record<Exclude<CelOperator, '&&' | '||'>, Operation>> = {
  '==': equals,
  '!=': (one, other) => !equals(one, other),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  in: isIn,
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
};

function isMap(value: CelValue): value is CelMap {
  return typeof value === 'object' && value !== null && 'get' in value;
}
