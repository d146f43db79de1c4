/**
 * Purpose: the minimal case: opened for a transaction or a bounded interval, shown as one timeline, changed, told to its officer.
 * Refuses: anybody but its assignee; an interval longer than one person may name, or not over yet; telling the officer of a denunciation.
 * See hub-server/DESIGN.md, "Cases and who watched".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CaseId, CounterId, TransactionId } from '@hailong/shared/ids.ts';
import type { PetitionerAnswer } from '@hailong/shared/protocol/cases.ts';
import type { CaseAnswer, CaseType, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import { actorOf, type Identity } from '../../domain/access/policy-law.ts';
import type { AuditAction, AuditEntry } from '../../domain/audit/audit-entry.ts';
import { CASE_RULES, loggedPurpose } from '../../domain/cases/case-rules.ts';
import { judgeInterval, OWN_MAX_MS } from '../../domain/footage/interval-rule.ts';
import type { AdminParts, WebParts } from '../web-parts.ts';
import { subjectOf } from './case-subject.ts';

export type User = Extract<Identity, { kind: 'user' }>;

export interface OpenCase {
  readonly type: CaseType;
  readonly documentNumber: string;
  readonly purpose: string;
  readonly transactionId?: TransactionId | undefined;
  readonly interval?:
    | { readonly counterId: CounterId; readonly from: number; readonly to: number }
    | undefined;
  readonly disputed: boolean;
  readonly petitioner?: { readonly name: string; readonly contact: string } | undefined;
}

const act = (
  parts: Pick<AdminParts, 'clock'>,
  user: User,
  action: AuditAction,
  more: Partial<AuditEntry> = {},
) => ({
  ...{ at: parts.clock.now() as number, actor: actorOf(user), action, object: '', reason: null, ...more },
});

/** What it is of exists, and may be seen by one person's word. */
async function checkSubject(parts: WebParts, { transactionId, interval }: OpenCase): Promise<void> {
  if ((transactionId === undefined) === (interval === undefined))
    throw new CodedError('request.invalid', 'a transaction or an interval');
  if (transactionId !== undefined && !(await parts.core.transaction(transactionId)))
    throw new CodedError('reference.unknown', 'transaction');
  if (interval === undefined) return;
  if (!(await parts.storage.directory.counter({ id: interval.counterId })))
    throw new CodedError('reference.unknown', 'counterId');
  const refused = judgeInterval(interval, OWN_MAX_MS, parts.clock.now());
  if (refused) throw new CodedError(refused);
}

export async function openCase(parts: WebParts, user: User, input: OpenCase): Promise<CaseAnswer> {
  await checkSubject(parts, input);
  const { type, documentNumber, transactionId, interval, disputed, petitioner } = input;
  const audit = act(parts, user, 'case.opened', {
    reason: loggedPurpose(input),
    body: { type, documentNumber, transactionId, interval, disputed },
  });
  const opened = await parts.storage.cases.openCase({
    ...{ id: parts.secrets.id() as CaseId, type, documentNumber, purpose: input.purpose, disputed },
    ...{ transactionId: transactionId ?? null, interval: interval ?? null },
    assignee: { id: user.userId, name: user.name },
    petitioner: petitioner === undefined ? null : parts.sealer.seal(JSON.stringify(petitioner)),
    ...{ at: audit.at, audit },
  });
  // Its footage may be at its last day.
  await parts.told?.recorder.holdsKept();
  return opened;
}

/** The case, if it is this inspector's; by id or number. */
export async function ownCase(parts: AdminParts, user: User, id: string): Promise<CaseAnswer> {
  const held = await parts.storage.cases.case({ id });
  if (!held) throw new CodedError('request.not_found');
  if (held.assignee.id !== user.userId) throw new CodedError('access.refused', 'not the assignee');
  return held;
}

export async function changeCase(
  parts: WebParts,
  user: User,
  id: string,
  change: { status?: 'open' | 'closed' | undefined; disputed?: boolean | undefined },
): Promise<CaseAnswer> {
  await ownCase(parts, user, id);
  const audit = act(parts, user, 'case.changed', { body: change });
  const changed = await parts.storage.cases.changeCase({ id, ...change, at: audit.at, audit });
  if (!changed) throw new CodedError('request.not_found');
  // What it holds was dated anew, and may be past its date.
  if (change.status !== undefined) await parts.told?.recorder.holdsKept();
  return changed;
}

/** From now on the officer filmed sees who watched; it cannot be taken back. */
export async function tellOfficer(parts: WebParts, user: User, id: string): Promise<CaseAnswer> {
  const held = await ownCase(parts, user, id);
  if (!CASE_RULES[held.type].tellsOfficer) throw new CodedError('case.never_told');
  const audit = act(parts, user, 'case.officer_told');
  const told = await parts.storage.cases.tellOfficer({ id: held.id, at: audit.at, audit });
  if (!told) throw new CodedError('request.not_found');
  return told;
}

/** Who brought it; each reading is a row of the log. */
export async function readPetitioner(parts: WebParts, user: User, id: string): Promise<PetitionerAnswer> {
  const held = await ownCase(parts, user, id);
  const audit = act(parts, user, 'case.petitioner_read');
  const sealed = await parts.storage.cases.petitioner({ id: held.id, audit });
  return {
    petitioner:
      sealed === null
        ? null
        : (JSON.parse(parts.sealer.open(sealed)) as NonNullable<PetitionerAnswer['petitioner']>),
  };
}

export async function showTimeline(
  parts: WebParts,
  user: User,
  id: string,
  intervalId: string | null,
): Promise<TimelineAnswer> {
  const held = await ownCase(parts, user, id);
  const subject = subjectOf(held, intervalId);
  const { transactionId } = held;
  const [transaction, ratings, lanes] = await Promise.all([
    transactionId === null ? null : parts.core.transaction(transactionId),
    transactionId === null ? null : parts.core.ratings(transactionId),
    parts.footage.timeline(subject),
  ]);
  if (!lanes || (transactionId !== null && !transaction))
    throw new CodedError('reference.unknown', 'transaction');
  const unrated =
    transactionId === null ? null : { transactionId, instrument: null, effective: null, votes: [] };
  return { case: held, transaction, ratings: ratings ?? unrated, ...lanes };
}
