import type { Finding } from '../finding.ts';
import type { AnalysisContext } from './analysis-context.ts';
import type { CheckDeclaration } from './check-declaration.ts';

/** Looks at a whole set of resources for one kind of mistake. */
export interface Analyzer {
  /** How `--analyzer` and `--list-analyzers` name it: istioctl's name where it is one of istioctl's. */
  readonly name: string;
  /** What it is after, in a few words. */
  readonly description: string;
  /** The page of each code of our own that it says. */
  readonly checks?: readonly CheckDeclaration[];
  analyze(context: AnalysisContext): readonly Finding[];
}
