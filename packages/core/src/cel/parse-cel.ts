import { CelError, type CelExpression, type CelOperator } from './cel-expression.ts';
import { type CelToken, celTokens } from './cel-tokens.ts';

/** From the weakest to the strongest; those of one group go from left to right. */
const BINARY: readonly (readonly CelOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Longer or deeper than this nobody writes, and a parser must not be led astray. */
const MAX_LENGTH = 4_096;
const MAX_DEPTH = 64;

/**
 * Reads an expression of the Common Expression Language (https://github.com/google/cel-spec): literals, lists, fields, indexes, calls and
 * all operators. Maps, messages and bytes are not part of what the mesh asks.
 *
 * @throws {CelError} with the place of what is wrong
 */
export function parseCel(text: string): CelExpression {
  if (text.length > MAX_LENGTH) throw new CelError(`an expression has at most ${MAX_LENGTH} characters`, MAX_LENGTH);
  return new Parser(celTokens(text)).whole();
}

class Parser {
  readonly #tokens: readonly CelToken[];
  #position = 0;
  #depth = 0;

  constructor(tokens: readonly CelToken[]) {
    this.#tokens = tokens;
  }

  whole(): CelExpression {
    if (this.#tokens.length === 1) throw new CelError('the expression is empty', 0);
    const expression = this.#expression();
    if (this.#position < this.#tokens.length - 1) throw this.#unexpected();
    return expression;
  }

  get #next(): CelToken {
    return this.#tokens[this.#position] as CelToken;
  }

  #expression(): CelExpression {
    if (++this.#depth > MAX_DEPTH) throw new CelError('the expression is nested too deeply', this.#next.at);
    const test = this.#binary(0);
    const at = this.#next.at;
    let expression = test;
    if (this.#take('?')) {
      const yes = this.#binary(0);
      this.#expect(':');
      expression = { kind: 'choice', test, yes, no: this.#expression(), at };
    }
    this.#depth--;
    return expression;
  }

  #binary(level: number): CelExpression {
    const operators = BINARY[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#operator(operators); operator; operator = this.#operator(operators)) {
      const { at } = left;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), at };
    }
    return left;
  }

  #operator(operators: readonly CelOperator[]): CelOperator | undefined {
    const token = this.#next;
    if (token.kind !== 'sign' && !(token.kind === 'name' && token.text === 'in')) return undefined;
    const operator = operators.find((each) => each === token.text);
    if (operator) this.#position++;
    return operator;
  }

  #unary(): CelExpression {
    const { at } = this.#next;
    for (const operator of ['!', '-'] as const) {
      if (!this.#take(operator)) continue;
      if (++this.#depth > MAX_DEPTH) throw new CelError('the expression is nested too deeply', at);
      const of = this.#unary();
      this.#depth--;
      return { kind: 'unary', operator, of, at };
    }
    return this.#member();
  }

  #member(): CelExpression {
    let expression = this.#primary();
    for (;;) {
      const { at } = expression;
      if (this.#take('.')) {
        const field = this.#name();
        expression = this.#take('(')
          ? { kind: 'call', target: expression, name: field, values: this.#list(')'), at }
          : { kind: 'field', of: expression, field, at };
      } else if (this.#take('[')) {
        const index = this.#expression();
        this.#expect(']');
        expression = { kind: 'index', of: expression, index, at };
      } else {
        return expression;
      }
    }
  }

  #primary(): CelExpression {
    const token = this.#next;
    if (token.kind === 'literal') {
      this.#position++;
      return { kind: 'literal', value: token.value, at: token.at };
    }
    if (token.kind === 'name' && token.text !== 'in') {
      this.#position++;
      if (this.#take('(')) return { kind: 'call', target: undefined, name: token.text, values: this.#list(')'), at: token.at };
      return { kind: 'name', name: token.text, at: token.at };
    }
    if (this.#take('(')) {
      const inside = this.#expression();
      this.#expect(')');
      return inside;
    }
    if (this.#take('[')) return { kind: 'list', items: this.#list(']'), at: token.at };
    throw this.#unexpected();
  }

  #list(end: string): CelExpression[] {
    const items: CelExpression[] = [];
    while (!this.#take(end)) {
      items.push(this.#expression());
      if (this.#take(end)) break;
      this.#expect(',');
    }
    return items;
  }

  #name(): string {
    const token = this.#next;
    if (token.kind !== 'name') throw this.#unexpected();
    this.#position++;
    return token.text;
  }

  #take(sign: string): boolean {
    const token = this.#next;
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.#position++;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected(sign);
  }

  #unexpected(wanted?: string): CelError {
    const token = this.#next;
    const found = token.kind === 'literal' ? 'a literal' : token.kind === 'end' ? 'the end' : `"${token.text}"`;
    return new CelError(`${found} comes unexpected${wanted ? `; ${wanted} is missing` : ''}`, token.at);
  }
}
