/** One check after another: damage that stops one is a finding at its place, and the next is made all the same. */
import type { Place, Verdict } from '../../domain/verify/finding.ts';

/** Runs one check; whatever it stumbles over is a finding at that place. */
export function guarded(verdict: Verdict, place: Place, check: () => void): void {
  try {
    check();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    verdict.find(
      code.startsWith('SQLITE_') ? 'database.damaged' : 'row.unreadable',
      place,
      error instanceof Error ? error.message.slice(0, 200) : String(error),
    );
  }
}
