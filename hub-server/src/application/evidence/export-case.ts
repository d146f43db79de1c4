/**
 * Purpose: the command line's export: asked for once, told where it is each time, handed over when it is ready. Calling it
 *   again goes on where it was, also where it failed; only `again` asks for another package of the same.
 * Refuses: a case of somebody else; to log a hand-over before `take` says that there is a place for it. The row of the log stands before the folder's name is told.
 */
import type { ActBody } from '@hailong/shared/protocol/acts.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { actorOf } from '../../domain/access/policy-law.ts';
import { basenameOf } from '../../domain/evidence/package-name.ts';
import { askAct } from '../acts/ask-act.ts';
import { caseNamed } from '../footage/case-named.ts';
import type { User } from '../footage/open-case.ts';
import type { EvidenceRow } from '../ports/evidence.ts';
import type { AdminParts } from '../web-parts.ts';
import { packageAnswer } from './hand-over.ts';

export interface ExportAsked {
  /** Id or number. */
  readonly case: string;
  readonly purpose: string | null;
  readonly legalBasis: string | null;
  /** Null: what the case is of. */
  readonly interval: { readonly from: UtcMs; readonly to: UtcMs } | null;
  readonly again: boolean;
  /** There is room for it: it is handed over. Without, a ready one is only named. */
  readonly take: boolean;
}
export type ExportState =
  | { readonly state: 'pending'; readonly act: string; readonly expiresAt: number }
  | { readonly state: 'writing'; readonly package: string; readonly done: number; readonly total: number }
  | { readonly state: 'failed'; readonly package: string; readonly code: string; readonly detail: string }
  /** Ready, and nothing of it has left. */
  | { readonly state: 'kept'; readonly package: string; readonly name: string; readonly bytes: number }
  | {
      readonly state: 'ready';
      readonly package: string;
      readonly folder: string;
      readonly packageHash: string;
      readonly bytes: number;
    };

/** Of exactly this: time, purpose and basis. */
interface Wanted {
  readonly reason: string;
  readonly legalBasis: string;
  readonly interval: ExportAsked['interval'];
}
type Span = { readonly from: number; readonly to: number } | null | undefined;
const isSpan = (a: Span, b: Span): boolean => a?.from === b?.from && a?.to === b?.to;
const isOf = (row: EvidenceRow, { reason, legalBasis, interval }: Wanted): boolean =>
  row.purpose === reason && row.legalBasis === legalBasis && isSpan(row.interval, interval);

/** Another one was asked for, and waits for its second person. */
async function waiting(parts: AdminParts, user: User, caseId: string, wanted: Wanted) {
  const { userId, roles } = user;
  const acts = await parts.storage.acts.list({ userId, roles, at: parts.clock.now() });
  return acts.find((act) => {
    if (!act.mine || act.state !== 'pending' || act.kind !== 'evidence-export') return false;
    const body = act.body as ActBody<'evidence-export'>;
    const isSame = body.legalBasis === wanted.legalBasis && isSpan(body.interval, wanted.interval);
    return body.caseId === caseId && act.reason === wanted.reason && isSame;
  });
}

export async function exportCase(parts: AdminParts, user: User, asked: ExportAsked): Promise<ExportState> {
  const held = await caseNamed(parts, user, asked.case);
  const { interval } = asked;
  const reason = asked.purpose ?? held.purpose;
  const legalBasis = asked.legalBasis ?? `Văn bản giao việc số ${held.documentNumber}`;
  const wanted = { reason, legalBasis, interval };
  if (parts.told === null) await parts.evidence.makeAll();
  const rows = await parts.storage.evidence.ofCase({ caseId: held.id, at: parts.clock.now() });
  const mine = rows.filter((each) => each.requestedBy.actor === actorOf(user) && each.state !== 'removed');
  const row = mine.find((each) => isOf(each, wanted));
  if (asked.again || !row) {
    const body = { caseId: held.id, legalBasis, ...(interval ? { interval } : {}) };
    const act = await askAct(parts, user, { kind: 'evidence-export', body, reason });
    return { state: 'pending', act: act.id, expiresAt: act.expiresAt };
  }
  const act = await waiting(parts, user, held.id, wanted);
  if (act) return { state: 'pending', act: act.id, expiresAt: act.expiresAt };
  if (row.state === 'failed')
    return { state: 'failed', package: row.id, code: row.code ?? '', detail: row.detail ?? '' };
  if (row.folder === null || row.packageHash === null) {
    const { progress } = packageAnswer(parts, row);
    return { state: 'writing', package: row.id, done: progress?.done ?? 0, total: progress?.total ?? 0 };
  }
  const { packageHash } = row;
  const bytes = row.bytes ?? 0;
  if (!asked.take) return { state: 'kept', package: row.id, name: basenameOf(row.folder), bytes };
  await parts.storage.evidence.recordHandOver({
    ...{ id: row.id, by: user },
    audit: {
      ...{ at: parts.clock.now(), actor: actorOf(user), action: 'evidence.downloaded' },
      ...{ object: `case:${held.number}`, reason: null },
      body: { package: row.id, packageHash, via: user.sessionId },
    },
  });
  const folder = parts.evidence.folders.pathOf(row.folder);
  return { state: 'ready', package: row.id, folder, packageHash, bytes };
}
