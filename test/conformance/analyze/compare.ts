import type { Finding } from '@lateen/resources';
import { isBeaten } from './beyond.ts';
import type { Case, Message } from './corpus.ts';
import type { Answer } from './run-case.ts';

/** Their line is istioctl's only for the document; ours is the field's own. One of istioctl's may hold several of ours. */
const SCHEMA_CODES: ReadonlySet<string> = new Set(['IST0106', 'IST0133']);
/** A value that YAML 1.1 reads otherwise. */
const YAML_1_1 = 'LTN0005';
const WRONG_USAGE = 64;
const CLI_WRONG_USAGE = 2;

/** What is compared of a message; `line` is 0 where there is none, as in JSON. */
export interface Said {
  /** `IST0101 Error VirtualService default/web :14` */
  readonly key: string;
  readonly code: string;
  readonly level: string;
  readonly line: number;
  readonly text: string;
}

/** Where the command says otherwise than istioctl, a sentence each; none when it is as Istio, or better where istioctl is known to be wrong. */
export function differences(each: Case, answer: Answer): string[] {
  if (each.exit === WRONG_USAGE) {
    return answer.exitCode === CLI_WRONG_USAGE ? [] : [`wrong usage was taken; exit code ${answer.exitCode}`];
  }
  if (answer.exitCode === CLI_WRONG_USAGE) return [`taken for wrong usage: ${answer.stderr}`];
  const messages = messagesOf(each);
  const wanted = messages.map(recorded);
  const hasLines = messages.every(({ line }) => line !== undefined);
  const said = answer.findings.map((finding) => ours(finding, hasLines));
  if (each.beyond) return isBeaten(each.beyond.want, wanted, said) ? [] : [beyondText(each, said)];
  const own = said.filter(({ code }) => !code.startsWith('IST'));
  const unread = hasUnreadDocument(each);
  // istioctl reads YAML 1.1: what it cannot read for that reason we read, and say so.
  const readsOn = unread && said.some(({ code }) => code === YAML_1_1);
  return [
    ...missing(wanted, said).map(({ key, text }) => `not said: ${key}: ${text}`),
    ...missing(said, wanted)
      .filter(({ code }) => code.startsWith('IST') && !(unread && code === 'IST0106') && !readsOn && isWhole(each))
      .map(({ key, text }) => `said besides: ${key}: ${text}`),
    // Warnings and hints of our own are welcome; an Error refuses what Istio takes.
    ...(unread ? [] : own.filter(({ level }) => level === 'Error').map(({ key, text }) => `refused: ${key}: ${text}`)),
    ...(unread && !readsOn && !said.some(({ level }) => level === 'Error')
      ? ['the document that can not be read is passed over']
      : []),
  ];
}

/** istioctl tells of documents that it can't read on stderr only. */
function hasUnreadDocument({ exit, stderr }: Case): boolean {
  return exit === 65 || (exit === 79 && stderr !== undefined && stderr.includes('adding files'));
}

/** What is compared: everything that all of istioctl's analyzers say. */
function messagesOf(each: Case): readonly Message[] {
  return each.full && isWhole(each) ? each.full : each.expect;
}

/** More analyzers say more: where they say less, one of them died, and who knows what it would have said. */
function isWhole({ full, expect }: Case): boolean {
  return !full || expect.every(({ code, name }) => full.some((message) => message.code === code && message.name === name));
}

/** Those of `wanted` that `said` lacks; schema errors of one resource count as one. */
function missing(wanted: readonly Said[], said: readonly Said[]): Said[] {
  const left = said.map(({ key }) => key);
  return wanted.filter(({ key, code }) => {
    const at = left.indexOf(key);
    if (at === -1) return true;
    if (!SCHEMA_CODES.has(code)) left.splice(at, 1);
    return false;
  });
}

function recorded({ code, level, kind, name, namespace, line = 0, message }: Message): Said {
  return { key: keyOf(code, level, kind, namespace ? `${namespace}/${name}` : name, line), code, level, line, text: message };
}

function ours({ code, level, origin, reference, message }: Finding, hasLines: boolean): Said {
  const [kind = '', name = ''] = origin.split(' ');
  const line = Number(/:(\d+)$/.exec(reference)?.[1] ?? 0);
  return { key: keyOf(code, level, kind, name, hasLines ? line : 0), code, level, line, text: message };
}

function keyOf(code: string, level: string, kind: string, name: string, line: number): string {
  return `${code} ${level} ${kind} ${name}${SCHEMA_CODES.has(code) ? '' : ` :${line}`}`;
}

function beyondText({ beyond }: Case, said: readonly Said[]): string {
  return `wanted: ${beyond?.want} (${beyond?.why}); said: ${said.map(({ key }) => key).join(', ') || 'nothing'}`;
}
