/** Small sentences of the officer's pages that are made of a code or a time. */
import type { OfficerWords } from './officer-words.ts';

/** Said in the officer's language; a code that has no sentence is shown, so that it can be looked up. */
export function problemIn(words: OfficerWords, code: string | null): string {
  if (code === null) return '';
  return words.problems[code] ?? words.otherProblem(code);
}

/** Minutes and seconds, rounded up: never 0:00 while something is left. */
export function shortTime(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
