/**
 * Purpose: two people sign afterwards, with the recovery key, what a log followed that began unsigned: kiosks that still
 *   hold the old one go on to it at their next hello, and bear witness again.
 * Refuses: a statement that another key signed, one person, a step that is not open.
 * Document: hub-server/DESIGN.md, "Audit log and witnesses", "Recovering".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { readSuccession } from '@hailong/shared/log/advance.ts';
import type { VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { SignedStatement } from '@hailong/shared/protocol/edge.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { mustBeTwo } from '../../domain/access/two-people.ts';
import type { IdentityPort } from '../ports/identity.ts';
import type { LogPort } from '../ports/log.ts';
import type { LogSealer } from './seal-log.ts';

export interface SignLogParts {
  readonly storage: {
    readonly identity: Pick<IdentityPort, 'identity'>;
    readonly log: Pick<LogPort, 'signOrigin'>;
  };
  readonly logSealer: Pick<LogSealer, 'seal'>;
  readonly verify: VerifySignature;
  readonly clock: Pick<Clock, 'now'>;
}

/** Answers the origin that is signed now. */
export async function signLog(parts: SignLogParts, statement: SignedStatement): Promise<string> {
  const identity = await parts.storage.identity.identity();
  const said = readSuccession(statement, identity?.recoveryKey ?? '', parts.verify);
  if (!said) throw new CodedError('restore.wrong_key');
  mustBeTwo(said.by);
  const { by, origin } = said;
  if (!(await parts.storage.log.signOrigin({ statement, by, at: parts.clock.now() })))
    throw new CodedError('request.not_found', origin);
  await parts.logSealer.seal();
  return origin;
}
