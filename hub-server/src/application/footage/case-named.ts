/**
 * An own case as a person names it: by the number on its paper, in any case of letters, or by its id. Refuses with one answer a case
 * that is not there and one of somebody else: nobody but its assignee learns that it exists.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { AdminParts } from '../web-parts.ts';
import type { User } from './open-case.ts';

export async function caseNamed(
  { storage }: Pick<AdminParts, 'storage'>,
  user: Pick<User, 'userId'>,
  name: string,
): Promise<CaseAnswer> {
  const text = name.trim();
  const held =
    (await storage.cases.case({ id: text.toUpperCase() })) ??
    (await storage.cases.case({ id: text.toLowerCase() }));
  if (held?.assignee.id !== user.userId) throw new CodedError('request.not_found', `case ${text}`);
  return held;
}
