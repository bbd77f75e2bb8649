/** What a CEL literal can be. Whole numbers are `bigint`, so that `7 / 2` is 3 and `7.0 / 2.0` is 3.5. */
export type CelLiteral = string | bigint | number | boolean | null;

/** A parsed expression of the Common Expression Language. `at`: where it begins in the text, 0-based. */
export type CelExpression =
  | { readonly kind: 'literal'; readonly value: CelLiteral; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly CelExpression[]; readonly at: number }
  /** `a.b` */
  | { readonly kind: 'field'; readonly of: CelExpression; readonly field: string; readonly at: number }
  /** `a["b"]` */
  | { readonly kind: 'index'; readonly of: CelExpression; readonly index: CelExpression; readonly at: number }
  /** `f(x)`, or `x.f(y)` with a target. */
  | {
      readonly kind: 'call';
      readonly target: CelExpression | undefined;
      readonly name: string;
      readonly values: readonly CelExpression[];
      readonly at: number;
    }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly of: CelExpression; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: CelOperator;
      readonly left: CelExpression;
      readonly right: CelExpression;
      readonly at: number;
    }
  /** `a ? b : c` */
  | {
      readonly kind: 'choice';
      readonly test: CelExpression;
      readonly yes: CelExpression;
      readonly no: CelExpression;
      readonly at: number;
    };

export type CelOperator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | '+' | '-' | '*' | '/' | '%';

/** A text that is no expression, or one that is not understood here; `at` 0-based. */
export class CelError extends Error {
  readonly at: number;
  /** The attribute that there is not, where that is what is wrong. */
  readonly attribute: string | undefined;

  constructor(message: string, at: number, attribute?: string) {
    super(message);
    this.name = 'CelError';
    this.at = at;
    this.attribute = attribute;
  }
}
