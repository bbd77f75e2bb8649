import type { Component } from './components.ts';

/** One thing that must be seen to hold. */
export interface Check<Fixture> {
  /** What `--only` finds it by, after the point's number. */
  readonly name: string;
  readonly needs?: readonly Component[];
  /** Throws when it does not hold; what it reports is the line's figure. */
  run(fixture: Fixture, report: Report): Promise<void>;
}

/** The figures of a check's line. */
export interface Report {
  /** A figure without a gate. */
  say(figure: string): void;
  /** A time with a gate: printed, and a failure only beyond twice the gate, since machines differ. */
  timed(what: string, measuredMs: number, gateMs: number): void;
}

/** A point of the acceptance list: checks that share a fixture. */
export interface Point<Fixture> {
  /** `4.2` */
  readonly id: string;
  readonly needs?: readonly Component[];
  open(): Promise<Fixture>;
  close(fixture: Fixture): Promise<void>;
  readonly checks: readonly Check<Fixture>[];
}

/** A point with its fixture's type closed over, so that a list can hold them all. */
export interface RunnablePoint {
  readonly id: string;
  readonly needs: readonly Component[];
  readonly checks: readonly { readonly name: string; readonly needs: readonly Component[] }[];
  /** Opens the fixture, runs the checks of these names, closes it; `settle` hears of each. */
  run(names: ReadonlySet<string>, settle: (name: string, outcome: Outcome) => void): Promise<void>;
}

export interface Outcome {
  readonly error?: Error;
  readonly figures: readonly string[];
  readonly elapsedMs: number;
}

export function point<Fixture>(given: Point<Fixture>): RunnablePoint {
  return {
    id: given.id,
    needs: given.needs ?? [],
    checks: given.checks.map(({ name, needs = [] }) => ({ name, needs })),
    async run(names, settle) {
      const chosen = given.checks.filter((check) => names.has(check.name));
      const fixture = await given.open().catch((error: Error) => error);
      if (fixture instanceof Error) {
        for (const { name } of chosen) settle(name, { error: fixture, figures: [], elapsedMs: 0 });
        return;
      }
      try {
        for (const check of chosen) settle(check.name, await outcomeOf(check, fixture));
      } finally {
        await given.close(fixture);
      }
    },
  };
}

async function outcomeOf<Fixture>(check: Check<Fixture>, fixture: Fixture): Promise<Outcome> {
  const started = performance.now();
  const figures: string[] = [];
  const tooSlow: string[] = [];
  const report: Report = {
    say: (figure) => void figures.push(figure),
    timed(what, measuredMs, gateMs) {
      const figure = `${what} ${seconds(measuredMs)} (gate ${seconds(gateMs)}${measuredMs > gateMs ? ', OVER' : ''})`;
      figures.push(figure);
      if (measuredMs > 2 * gateMs) tooSlow.push(figure);
    },
  };
  try {
    await check.run(fixture, report);
    if (tooSlow.length > 0) throw new Error(`more than twice the gate: ${tooSlow.join(', ')}`);
    return { figures, elapsedMs: performance.now() - started };
  } catch (error) {
    return { error: error as Error, figures, elapsedMs: performance.now() - started };
  }
}

export function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
