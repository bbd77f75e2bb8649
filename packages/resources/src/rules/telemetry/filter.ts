import { CelError, type CelExpression, parseCel } from '@lateen/core/cel';
import { MISTYPED_EXPRESSION } from '../checks.ts';
import type { Report } from '../report.ts';
import { availableExpressionRule } from './available-expression.ts';
import { typeOfCel } from './type-of-cel.ts';

/** A condition on requests, which is an expression that can be read and is true or false. */
export function filterRule(text: string, at: string, report: Report): void {
  let expression: CelExpression;
  try {
    expression = parseCel(text);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return report.error(`${at}/expression`, `must be a valid CEL expression: ${error.message}`);
  }
  try {
    const type = typeOfCel(expression);
    if (type !== 'bool' && type !== 'any')
      report.own(
        MISTYPED_EXPRESSION,
        `${at}/expression`,
        `a filter is true or false; this one is of type ${type}`,
        'compare it with something',
      );
    else availableExpressionRule(text, `${at}/expression`, report);
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    report.own(MISTYPED_EXPRESSION, `${at}/expression`, error.message, 'compare values of one type');
  }
}
