/** A code's sentence and what to do about it, for lines that tell of one. */
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';

export function reasonOf(code: string | null): Record<string, unknown> {
  if (code === null || !isErrorCode(code)) return {};
  const { vi, en, remedy } = ERRORS[code];
  return { reason: { vi, en }, remedy };
}
