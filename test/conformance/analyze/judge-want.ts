import { type Case, recorded } from './corpus.ts';
import type { Answer, Told } from './run-case.ts';

type Judge = (answer: Answer, each: Case, groups: readonly string[]) => boolean;

/** What cases want where istioctl is wrong or silent, in the few phrases that they say it in. */
const PHRASES: readonly (readonly [RegExp, Judge])[] = [
  [/\(optional\)$/, () => true],
  [/^nothing$/, ({ messages }) => !messages.some(({ level }) => level !== 'Info')],
  [
    /^line (\d+)$/,
    ({ messages }, each, [line]) => messages.some((message) => isRecordedCode(each, message) && message.line === Number(line)),
  ],
  [/^look inside$/, ({ messages }) => messages.some(({ kind, name }) => name !== '' && !kind.endsWith('List'))],
  [
    /^both, with lines/,
    ({ messages }) => messages.filter(({ level, line, fix }) => level === 'Error' && line > 0 && fix).length > 1,
  ],
  [/^accept both forms$/, ({ messages }, { args = [] }) => !messages.some((message) => isSuppressed(args, message))],
  [
    /^(Error|Warning|Info)(?: or (Error|Warning|Info))?(?: (IST\d{4}))?(?: (?:for|that names) (\S+))?$/,
    ({ messages }, each, [level, other, code, word]) =>
      messages.some(
        (message) =>
          isNew(each, message) &&
          (message.level === level || message.level === other) &&
          (code === undefined || message.code === code) &&
          (word === undefined || message.message.includes(word)),
      ),
  ],
];

/** Whether an answer is what the case wants; undefined when nobody here understands what that is. */
export function isWanted(each: Case, answer: Answer): boolean | undefined {
  const want = each.beyond?.want ?? '';
  for (const [phrase, judge] of PHRASES) {
    const match = phrase.exec(want);
    if (match) return judge(answer, each, match.slice(1));
  }
  return undefined;
}

const isRecordedCode = (each: Case, { code }: Told): boolean => recorded(each).some((message) => message.code === code);

/** Something that istioctl did not say, or not of this resource. */
function isNew(each: Case, { code, kind, name, level }: Told): boolean {
  return !recorded(each).some(
    (message) => message.code === code && message.kind === kind && message.name === name && message.level === level,
  );
}

/** `-S CODE=Kind name.namespace` */
function isSuppressed(args: readonly string[], { code, kind, name }: Told): boolean {
  return args.some((arg) => arg.startsWith(`${code}=${kind} ${name}.`));
}
