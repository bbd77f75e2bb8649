import { type CelEnvironment, celText, type CompiledCel, compileCel } from '@lateen/core/cel';
import { readerOf, type RequestFacts } from './request-facts.ts';

/** What compiling a policy needs from outside. */
export interface PolicyEnvironment {
  /** Compiles a regular expression of RE2; matches anywhere in a text. */
  readonly regex: (pattern: string) => (text: string) => boolean;
  /** For tags that take their value from the process's environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Told what cannot be carried out, once for each time it is written. */
  readonly problem: (message: string) => void;
}

/** An expression over requests; undefined, and told, where it is none. */
export function requestExpression(text: string, { regex, problem }: PolicyEnvironment): CompiledCel<RequestFacts> | undefined {
  const environment: CelEnvironment<RequestFacts> = { attribute: readerOf, regex };
  try {
    return compileCel(text, environment);
  } catch (error) {
    problem(`the expression ${JSON.stringify(text)} is left out: ${(error as Error).message}`);
    return undefined;
  }
}

/** What a tag says: `unknown` for what has no value. */
export function tagText({ program }: CompiledCel<RequestFacts>, facts: RequestFacts): string {
  return celText(program(facts)) ?? 'unknown';
}
