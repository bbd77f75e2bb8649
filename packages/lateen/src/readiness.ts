import { Cell, type Watched, whenValue } from '@lateen/core';

/** One thing that has to be there before traffic makes sense. */
export interface ReadinessCondition {
  readonly name: string;
  /** Undefined when all is well, else one sentence that says what is missing and what to do. */
  readonly problem: Watched<string | undefined>;
}

/**
 * Whether the process can take and make mesh traffic: every condition holds, and it is not draining.
 * Once the conditions have all held, `ready` stays resolved; `/healthz/ready` goes on telling the present state.
 */
export class Readiness {
  readonly #conditions: readonly ReadinessCondition[];
  readonly #problems: Cell<readonly string[]>;
  readonly #unsubscribe: (() => void)[];
  #draining = false;

  constructor(conditions: readonly ReadinessCondition[]) {
    this.#conditions = conditions;
    this.#problems = new Cell(this.#read());
    const refresh = (): void => this.#problems.set(this.#read());
    this.#unsubscribe = conditions.map((condition) => condition.problem.subscribe(refresh));
  }

  /** Empty when ready. */
  get problems(): readonly string[] {
    return this.#problems.value;
  }

  /** Resolves the first time that nothing is missing. Never rejects. */
  get ready(): Promise<void> {
    return whenValue(this.#problems, (problems) => problems.length === 0).then(() => {});
  }

  startDraining(): void {
    this.#draining = true;
    this.#problems.set(this.#read());
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #read(): readonly string[] {
    const problems = this.#conditions.flatMap(({ name, problem }) =>
      problem.value === undefined ? [] : [`${name}: ${problem.value}`],
    );
    return this.#draining ? ['draining', ...problems] : problems;
  }
}
