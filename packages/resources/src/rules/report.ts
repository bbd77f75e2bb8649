import type { CheckDeclaration } from '../analysis/check-declaration.ts';
import { LOST_WARNING } from './checks.ts';

/** Tells what is wrong at a JSON pointer below the spec. */
export interface Report {
  /** What Istio's validation refuses. */
  error(pointer: string, message: string, fix?: string): void;
  /** What Istio's validation warns of: valid, and surely not what was meant. */
  warning(pointer: string, message: string, fix?: string): void;
  /** What Istio is silent about and people get hurt by. */
  own(check: CheckDeclaration, pointer: string, message: string, mend: string): void;
  /** The same of what Istio's tools take and nobody can run: an Error to whoever runs it, a Warning to whoever only looks at files. */
  refused(check: CheckDeclaration, pointer: string, message: string, mend: string): void;
  /** A value that Istio takes and a running mesh of ours does not (LTN0001). */
  unsupported(pointer: string, message: string, instead: string): void;
  /** What is wrong with the resource's name. */
  nameError(message: string, fix?: string): void;
}

/** For blocks whose warnings Istio loses: there they are our own. */
export function losingWarnings(report: Report): Report {
  return { ...report, warning: (pointer, message, fix) => report.own(LOST_WARNING, pointer, message, fix ?? 'take it out') };
}

/** Whose spec it is. */
export interface About {
  readonly name: string;
  readonly namespace: string;
}
