/** Acts that one person must not do alone: two names that are not the same name, however it was typed. */
import { CodedError } from '@hailong/shared/errors.ts';

/** One person's name, so that accents typed in two ways, other letters or spaces, and marks nobody sees make no second one. */
export const personOf = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, (mark) => (/\s/.test(mark) ? ' ' : ''))
    .trim()
    .replace(/\s+/g, ' ')
    .toLocaleLowerCase('vi')
    .normalize('NFKC');

export function areTwo(by: readonly string[]): boolean {
  const people = new Set(by.map(personOf).filter((name) => name !== ''));
  return by.length === 2 && people.size === 2;
}

export function mustBeTwo(by: readonly string[]): void {
  if (!areTwo(by)) throw new CodedError('access.two_people');
}
