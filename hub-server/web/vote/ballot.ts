/**
 * What is asked and what was answered, page by page: the overall question, the criteria of the stage, the chips of the
 * answer, a last look before it is sent, since the first vote is the one that counts. Pure.
 */
import type { Chip, ChipKey, Criterion, Instrument, LevelKey } from '@hailong/shared/model/instrument.ts';
import type { PrivateOpenAnswer } from '@hailong/shared/protocol/private.ts';

export interface Ballot {
  readonly form: Instrument;
  readonly criteria: readonly Criterion[];
  /** By question; absent: not asked yet, or skipped. */
  readonly levels: Readonly<Record<string, LevelKey>>;
  readonly chips: readonly ChipKey[];
  /** Number of the page on show. */
  readonly at: number;
}
export type BallotPage =
  | { readonly page: 'overall' }
  | { readonly page: 'criterion'; readonly criterion: Criterion }
  | { readonly page: 'chips'; readonly chips: readonly Chip[] }
  | { readonly page: 'check' };

/** Null: the hub has no form at all, which a hub that was set up has. */
export function beginBallot({ instrument, stage }: PrivateOpenAnswer): Ballot | null {
  if (!instrument) return null;
  // A form has nothing but its criteria: where nobody has said the stage yet, all of them.
  const unsaid = instrument.kind === 'form' ? instrument.criteria : [];
  const criteria =
    stage === null ? unsaid : instrument.criteria.filter((each) => each.stages.includes(stage));
  return { form: instrument, criteria, levels: {}, chips: [], at: 0 };
}

const chipsOf = ({ form, levels }: Ballot): readonly Chip[] | null => {
  const overall = levels['overall'];
  return overall === undefined
    ? null
    : (form.chips?.find((set) => set.levels.includes(overall))?.chips ?? null);
};

/** A form of criteria has no overall question. */
export const isForm = ({ form }: Ballot): boolean => form.kind === 'form';

function pagesOf(ballot: Ballot): BallotPage[] {
  const chips = chipsOf(ballot);
  return [
    ...(isForm(ballot) ? [] : [{ page: 'overall' as const }]),
    ...ballot.criteria.map((criterion) => ({ page: 'criterion' as const, criterion })),
    ...(chips ? [{ page: 'chips' as const, chips }] : []),
    { page: 'check' },
  ];
}

export const pageOf = (ballot: Ballot): BallotPage => pagesOf(ballot)[ballot.at] ?? { page: 'check' };
/** 1-based, and of how many; chips are counted for every level alike, since every level has them or none. */
export const stepOf = (ballot: Ballot): { readonly step: number; readonly steps: number } => ({
  step: ballot.at + 1,
  steps: ballot.criteria.length + (ballot.form.chips ? 1 : 0) + (isForm(ballot) ? 1 : 2),
});
export const next = (ballot: Ballot): Ballot => ({ ...ballot, at: ballot.at + 1 });
export const back = (ballot: Ballot): Ballot => ({ ...ballot, at: Math.max(0, ballot.at - 1) });

/** Chips belong to the overall answer: with another one they are chosen anew. */
export function answer(ballot: Ballot, question: string, level: LevelKey): Ballot {
  const changed = question === 'overall' && ballot.levels['overall'] !== level;
  const levels = { ...ballot.levels, [question]: level };
  return next({ ...ballot, levels, chips: changed ? [] : ballot.chips });
}

export function skip(ballot: Ballot, question: string): Ballot {
  const { [question]: _, ...levels } = ballot.levels;
  return next({ ...ballot, levels });
}

export function toggle(ballot: Ballot, key: ChipKey): Ballot {
  const chips = ballot.chips.includes(key)
    ? ballot.chips.filter((each) => each !== key)
    : [...ballot.chips, key];
  return { ...ballot, chips };
}

/** In the form's order, whatever the order of touching. */
export function answersOf(ballot: Ballot): { question: string; level: LevelKey }[] {
  return ['overall', ...ballot.criteria.map(({ key }) => key)].flatMap((question) => {
    const level = ballot.levels[question];
    return level === undefined ? [] : [{ question, level }];
  });
}
