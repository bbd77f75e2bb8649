import { CEL_ATTRIBUTES, CelError, checkCel, parseCel } from '@lateen/core/cel';
import { isNear } from '../../schema/nearness.ts';
import { UNAVAILABLE_EXPRESSION } from '../checks.ts';
import type { Report } from '../report.ts';

/** An expression asks only what a process can answer; anything else would quietly be left out. */
export function availableExpressionRule(text: string, at: string, report: Report): void {
  try {
    checkCel(parseCel(text));
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    const { message, attribute = '' } = error;
    const near = [...CEL_ATTRIBUTES.keys()].find((name) => isNear(name, attribute));
    const mend = near ? `did you mean ${near}?` : `ask one of ${[...CEL_ATTRIBUTES.keys()].slice(0, 5).join(', ')}, …`;
    report.refused(UNAVAILABLE_EXPRESSION, at, message, attribute ? mend : 'write another expression');
  }
}
