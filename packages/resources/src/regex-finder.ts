import { re2Library } from './libraries.ts';

/**
 * Whether a regular expression of RE2 is found in a text, in linear time.
 *
 * @throws where the pattern is none
 */
export function regexFinder(pattern: string): (text: string) => boolean {
  const compiled = re2Library().RE2JS.compile(pattern);
  return (text) => compiled.matcher(text).find();
}
