import { setTimeout as sleep } from 'node:timers/promises';
import { isLateenError } from 'lateen';
import type { Fleet } from './backends/fleet.ts';
import type { Caller } from './callers/caller.ts';
import { GatewayCaller } from './callers/gateway-caller.ts';
import { InboundCaller } from './callers/inbound-caller.ts';
import { MeshCaller } from './callers/mesh-caller.ts';
import { compareStep } from './compare/compare-step.ts';
import type { Case, Common, Observed, Step } from './corpus.ts';
import { resourcesOf } from './resources.ts';
import { runRequests } from './run-requests.ts';

/** Runs one case against backends of its own; returns what is other than recorded, one line each. */
export async function runCase(each: Case, common: Common, fleet: Fleet): Promise<string[]> {
  await fleet.reset(each.setup ?? {});
  const resources = resourcesOf(each, common, fleet);
  const started = await startCaller(each, common, resources, fleet);
  if ('refusal' in started) return judgeRefusal(each, started.refusal);
  try {
    if (each.validation?.verdict === 'rejected') {
      return [`accepted, and Istio's validation refuses it: ${each.validation.messages?.join('; ')}`];
    }
    return await runSteps(each, started.caller, fleet, resources);
  } finally {
    await started.caller.close();
  }
}

type Started = { readonly caller: Caller } | { readonly refusal: string };

async function startCaller(each: Case, common: Common, resources: object[], fleet: Fleet): Promise<Started> {
  try {
    if (each.proxy === 'gateway') return { caller: await GatewayCaller.start(each, common, resources) };
    if (each.direction === 'inbound') return { caller: await InboundCaller.start(each, common, resources, fleet) };
    return { caller: await MeshCaller.start(each, common, resources) };
  } catch (error) {
    if (isLateenError(error) && error.code === 'LATEEN_CONFIG_INVALID') return { refusal: error.message };
    throw error;
  }
}

/** What Istio or its proxy refuses must be refused, and nothing else. */
function judgeRefusal({ validation, proxyRejectsConfig }: Case, refusal: string): string[] {
  if (validation?.verdict === 'rejected' || proxyRejectsConfig) return [];
  return [`refused: ${refusal.replaceAll('\n', ' | ')}`];
}

async function runSteps(each: Case, caller: Caller, fleet: Fleet, resources: object[]): Promise<string[]> {
  const differences: string[] = [];
  for (const [index, step] of each.requests.entries()) {
    const expected = each.observed?.[index] ?? null;
    const found = await runStep(step, expected, caller, fleet, resources);
    differences.push(...found.map((text) => `step ${index + 1}: ${text}`));
  }
  return differences;
}

async function runStep(
  step: Step,
  expected: Observed | null,
  caller: Caller,
  fleet: Fleet,
  resources: object[],
): Promise<string[]> {
  if ('setBackends' in step) await fleet.behave(step.setBackends);
  else if ('waitMs' in step) await sleep(step.waitMs);
  else if ('dropConnections' in step) {
    fleet.dropConnections();
    await sleep(20); // until the other ends have heard of it
  } else {
    const outcome = await runRequests(step, caller, fleet);
    return expected ? compareStep(expected, outcome, resources) : [];
  }
  return [];
}
