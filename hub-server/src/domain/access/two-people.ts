/** Acts that one person must not do alone: two names that are not the same name. */
import { CodedError } from '@hailong/shared/errors.ts';

export function mustBeTwo(by: readonly string[]): void {
  const names = new Set(by.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''));
  if (by.length !== 2 || names.size !== 2) throw new CodedError('access.two_people');
}
