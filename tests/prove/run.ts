/*
 * Purpose: what a run of `npm run prove` is: a number of independent steps, each of which does its fault, compares what
 * was thanked with what is stored, and answers with counts that add up. The harness counts, resumes, shows and judges.
 * Refuses: nothing by itself. A run is a module of its own, tests/prove/runs/NAME.ts, which exports `run: ProveRun`; its
 * file name is its name.
 * Document: tests/prove/README.md.
 */

/** A text for people, Vietnamese first. */
export interface Said {
  readonly vi: string;
  readonly en: string;
}

/** What a step answers; what it leaves out is 0. All of it adds up over steps. */
export interface Counts {
  /** Ratings a citizen was thanked for. */
  readonly thanked: number;
  /** Ratings the last place that should hold them does hold. */
  readonly stored: number;
  /** Thanked and not stored. */
  readonly lost: number;
  /** Stored or counted more than once. */
  readonly doubled: number;
  /** Stored with another officer, month, transaction or level. */
  readonly moved: number;
  /** What the run looks for and found (changes noticed, planted bugs caught); the run's own words say what. */
  readonly found: number;
}

export interface StepResult extends Partial<Counts> {
  /** How often something happened, by name: each kind of fault, each kind of answer. Summed. */
  readonly tallies?: Readonly<Record<string, number>>;
  /** One value a step, by name, of which the median is shown (faults a history, milliseconds to come back). */
  readonly samples?: Readonly<Record<string, number>>;
  /** The step saw something that must not be, in a sentence that lets a person find it: the run does not hold. */
  readonly problem?: string;
}

export interface StepContext {
  /** A folder of this worker's own, empty at first, removed at its end. Not cleared between steps. */
  readonly folder: string;
  readonly quick: boolean;
  /** Which of the workers, from 0. */
  readonly worker: number;
  /** The last step of its chunk: a run that compares only now and then must do it here. */
  readonly endsChunk: boolean;
  /** What one worker keeps over its steps: made at the first call, disposed of at the worker's end. */
  once<T extends AsyncDisposable>(name: string, make: () => Promise<T>): Promise<T>;
  /** A line for a person who watches; stderr. */
  say(line: string): void;
}

export interface Totals extends Counts {
  readonly count: number;
  readonly tallies: Readonly<Record<string, number>>;
  readonly samples: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly problems: readonly string[];
}

export interface ProveRun {
  readonly title: Said;
  /** What is counted: "kill", "history". */
  readonly unit: Said;
  readonly full: number;
  readonly quick: number;
  /** Steps at once, each in a process of its own; 1 unless said. */
  readonly workers?: number;
  /** Of the quick form, where what each worker makes for itself costs more than the few steps; as `workers` unless said. */
  readonly quickWorkers?: number;
  /** Steps handed to a worker at once; 1 unless said. Many for steps that take milliseconds. */
  readonly chunk?: number;
  /** Further files or folders whose change makes earlier results void, beside the product and the run's own file. */
  readonly watches?: readonly string[];
  /** Why it cannot be done on this machine; null when it can. */
  impossible?(): Said | null;
  step(context: StepContext, index: number): Promise<StepResult>;
  /** What must hold beyond the common bar; answers the reason when it does not. */
  judge?(totals: Totals, quick: boolean): string | null;
  /** The JSON line carries the largest sample of each name, not only the table's sums. */
  readonly worst?: boolean;
  /** False for a run that must lose (the control): the common bar (nothing lost, doubled or moved) is not asked. */
  readonly commonBar?: boolean;
  /** What `found` counts here, and what the tallies mean; printed under the table. */
  readonly says?: Said;
}

const COUNTS = ['thanked', 'stored', 'lost', 'doubled', 'moved', 'found'] as const;
/** More would repeat what the first ones say. */
const PROBLEMS_MAX = 20;

export const noTotals: Totals = {
  ...{ count: 0, thanked: 0, stored: 0, lost: 0, doubled: 0, moved: 0, found: 0 },
  ...{ tallies: {}, samples: {}, problems: [] },
};

function added(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  const sum: Record<string, number> = { ...one };
  for (const [name, value] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}

export function withStep(totals: Totals, index: number, step: StepResult): Totals {
  return joined(totals, {
    ...noTotals,
    count: 1,
    ...Object.fromEntries(COUNTS.map((name) => [name, step[name] ?? 0])),
    tallies: step.tallies ?? {},
    samples: Object.fromEntries(
      Object.entries(step.samples ?? {}).map(([name, value]) => [name, { [value]: 1 }]),
    ),
    problems: step.problem === undefined ? [] : [`#${index}: ${step.problem}`],
  });
}

export function joined(one: Totals, other: Totals): Totals {
  const samples: Record<string, Readonly<Record<string, number>>> = { ...one.samples };
  for (const [name, values] of Object.entries(other.samples))
    samples[name] = added(samples[name] ?? {}, values);
  return {
    count: one.count + other.count,
    thanked: one.thanked + other.thanked,
    stored: one.stored + other.stored,
    lost: one.lost + other.lost,
    doubled: one.doubled + other.doubled,
    moved: one.moved + other.moved,
    found: one.found + other.found,
    tallies: added(one.tallies, other.tallies),
    samples,
    problems: [...one.problems, ...other.problems].slice(0, PROBLEMS_MAX),
  };
}

/** The middle of values given as value → how often. */
export function median(histogram: Readonly<Record<string, number>>): number {
  const values = Object.entries(histogram)
    .map(([value, times]) => [Number(value), times] as const)
    .sort((one, other) => one[0] - other[0]);
  const half = values.reduce((sum, [, times]) => sum + times, 0) / 2;
  let seen = 0;
  for (const [value, times] of values) {
    seen += times;
    if (seen >= half) return value;
  }
  return 0;
}

/** The largest value of each name. */
export function largest(samples: Totals['samples']): Record<string, number> {
  return Object.fromEntries(
    Object.entries(samples).map(([name, values]) => [name, Math.max(...Object.keys(values).map(Number))]),
  );
}

/** Why a run does not hold; null when it does. */
export function whyNot(run: ProveRun, totals: Totals, wanted: number, quick: boolean): string | null {
  if (totals.problems.length > 0) return totals.problems[0] ?? '';
  if (totals.count < wanted) return `${totals.count} of ${wanted} steps`;
  if (run.commonBar !== false && totals.lost + totals.doubled + totals.moved > 0)
    return `lost ${totals.lost}, doubled ${totals.doubled}, moved ${totals.moved}`;
  return run.judge?.(totals, quick) ?? null;
}
