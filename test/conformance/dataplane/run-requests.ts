import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessLogEntry } from 'lateen';
import type { Fleet } from './backends/fleet.ts';
import type { Received } from './backends/received.ts';
import type { Answer, Caller, SingleRequest } from './callers/caller.ts';
import type { RequestStep } from './corpus.ts';

/** All that became of a step's requests. */
export interface Outcome {
  /** In the order in which they were sent. */
  readonly answers: readonly Answer[];
  readonly log: readonly AccessLogEntry[];
  readonly calls: readonly Received[];
  /** What `mesh.explain` said before a single request. */
  readonly explanation: unknown;
  readonly durationMs: number;
  nameOf(address: string): string | undefined;
}

/** How long the access log may take to catch up with the answers. */
const LOG_PATIENCE_MS = 300;

/** Sends a step's requests and gathers answers, access log and what the backends received. */
export async function runRequests(step: RequestStep, caller: Caller, fleet: Fleet): Promise<Outcome> {
  fleet.takeCalls();
  caller.takeLog();
  const total = step.repeat ?? 1;
  const explanation = total === 1 ? caller.explain?.(step) : undefined;
  const startedAt = performance.now();
  const recorded = (text: string): string => caller.asRecorded?.(text, step) ?? text;
  const answers = (await sendAll(step, total, caller)).map((answer) => named(answer, recorded));
  const durationMs = performance.now() - startedAt;
  if (step.settleMs) await sleep(step.settleMs);
  const log = await logOf(caller, total);
  const calls = fleet.takeCalls().map((call) => ({ ...call, headers: call.headers.map(recorded) }));
  return { answers, log, calls, explanation, durationMs, nameOf: (address) => fleet.nameOf(recorded(address)) };
}

function named(answer: Answer, recorded: (text: string) => string): Answer {
  return { ...answer, headers: answer.headers.map(recorded), body: recorded(answer.body) };
}

async function sendAll(step: RequestStep, total: number, caller: Caller): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < total) {
      const number = next++;
      if (step.gapMs && number > 0) await sleep(step.gapMs);
      answers[number] = await caller.send(repetition(step, number));
    }
  };
  await Promise.all(Array.from({ length: Math.min(step.concurrency ?? 1, total) }, work));
  return answers;
}

function repetition(step: RequestStep, number: number): SingleRequest {
  const numbered = (text: string): string => text.replaceAll('{i}', String(number));
  const { url, headers, vary = {} } = step;
  const varied = Object.fromEntries(Object.entries(vary).map(([name, value]) => [name, numbered(value)]));
  return {
    ...step,
    ...(url === undefined ? {} : { url: numbered(url) }),
    headers: { ...headers, ...varied },
  };
}

async function logOf(caller: Caller, total: number): Promise<AccessLogEntry[]> {
  const log = caller.takeLog();
  for (let waited = 0; log.length < total && waited < LOG_PATIENCE_MS; waited += 5) {
    await sleep(5);
    log.push(...caller.takeLog());
  }
  return log;
}
