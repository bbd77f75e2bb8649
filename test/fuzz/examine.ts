import { formatFinding, parseResources } from '@lateen/resources';
import { analyze } from '@lateen/resources/analysis';

/** Whatever is fed, this is what must hold. */
const MAX_MS = 100;
/** A machine that is busy elsewhere makes one reading slow; a text that is slow is so every time. */
const READINGS = 3;

/** What is wrong with how a text was taken; undefined when nothing is. */
export function problemWith(text: string): string | undefined {
  const told = read(text);
  if (typeof told === 'string') return told;
  for (let left = READINGS - 1; told.ms > MAX_MS; left--) {
    if (left === 0) return `took ${Math.round(told.ms)} ms`;
    const again = read(text);
    if (typeof again === 'string') return again;
    told.ms = Math.min(told.ms, again.ms);
  }
  return undefined;
}

function read(text: string): { ms: number } | string {
  const stopwatch = startStopwatch();
  try {
    const parsed = parseResources(text, { file: 'a.yaml', defaultNamespace: 'default', refusals: 'Info' });
    const ms = stopwatch();
    const together = analyze(parsed.readable, { complete: true });
    return polluted() ?? unplaced([...parsed.findings, ...together], text) ?? strange(parsed.readable) ?? { ms };
  } catch (error) {
    return `threw ${(error as Error).stack}`;
  }
}

/** Milliseconds that were worked: those in which somebody else had the processor are nobody's fault. */
function startStopwatch(): () => number {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min((user + system) / 1_000, performance.now() - wall);
  };
}

const PROTOTYPE_KEYS = Reflect.ownKeys(Object.prototype).length;

function polluted(): string | undefined {
  return Reflect.ownKeys(Object.prototype).length === PROTOTYPE_KEYS && !('polluted' in {})
    ? undefined
    : 'polluted Object.prototype';
}

type Findings = Parameters<typeof formatFinding>[0][];

/** Every finding names a line of the text; the default ingress alone stands in no file. */
function unplaced(findings: Findings, text: string): string | undefined {
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const finding of findings) {
    const line = Number(/^a\.yaml:(\d+)$/.exec(finding.reference)?.[1] ?? 0);
    if (line < 1 || line > lines) return `no line of ${lines} in ${formatFinding(finding)}`;
  }
  return undefined;
}

/** What comes out is plain data. */
function strange(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype)
    return `an object with a strange prototype: ${JSON.stringify(value)}`;
  for (const member of Object.values(value)) {
    const found = strange(member);
    if (found) return found;
  }
  return undefined;
}
