import type { Finding } from '../finding.ts';
import type { AnalysisContext } from './analysis-context.ts';

/** Looks at a whole set of valid resources for one kind of mistake. */
export interface Analyzer {
  /** What it is after, in a few words. */
  readonly name: string;
  analyze(context: AnalysisContext): readonly Finding[];
}
