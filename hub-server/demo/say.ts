/** What the demo office tells a person, Vietnamese first; and its failures as sentences with a remedy. */
import { CodedError, ERRORS, type ErrorCode } from '@hailong/shared/errors.ts';
import { ProgramFailed } from './program.ts';

export function say(vi: string, en: string): void {
  process.stderr.write(`${vi}\n  ${en}\n`);
}

const EXIT: Partial<Record<ErrorCode, number>> = {
  'program.usage': 2,
  'program.data_locked': 3,
  'program.port_taken': 3,
  'program.unreachable': 4,
};

/** The error as text and exit code; a program that failed speaks for itself. */
export function explain(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof ProgramFailed) return { text: error.message, exitCode: error.exitCode };
  const systemCode = (error as { code?: string } | null)?.code;
  const code: ErrorCode =
    error instanceof CodedError
      ? error.code
      : systemCode === 'EADDRINUSE'
        ? 'program.port_taken'
        : systemCode === 'ENOSPC'
          ? 'program.disk_full'
          : 'internal.unexpected';
  const { vi, en, remedy } = ERRORS[code];
  const detail =
    error instanceof CodedError ? error.detail : error instanceof Error ? error.message : String(error);
  return {
    text: `${vi} ${remedy.vi}\n${en} ${remedy.en}${detail ? `\n(${detail})` : ''}`,
    exitCode: EXIT[code] ?? 1,
  };
}
