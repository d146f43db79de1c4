/**
 * Purpose: the command line's export: asked for once, told where it is each time, handed over when it is ready. Calling it
 *   again goes on where it was; only `again` asks for another package of the same case.
 * Refuses: a case of somebody else. The row of the log stands before the folder's name is told.
 */
import type { UtcMs } from '@hailong/shared/time.ts';
import { actorOf } from '../../domain/access/policy-law.ts';
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
}
export type ExportState =
  | { readonly state: 'pending'; readonly act: string; readonly expiresAt: number }
  | { readonly state: 'writing'; readonly package: string; readonly done: number; readonly total: number }
  | {
      readonly state: 'ready';
      readonly package: string;
      readonly folder: string;
      readonly packageHash: string;
      readonly bytes: number;
    };

/** Of exactly this time. */
const isOf = (row: EvidenceRow, { interval }: ExportAsked): boolean =>
  row.interval?.from === interval?.from && row.interval?.to === interval?.to;

export async function exportCase(parts: AdminParts, user: User, asked: ExportAsked): Promise<ExportState> {
  const held = await caseNamed(parts, user, asked.case);
  const reason = asked.purpose ?? held.purpose;
  const legalBasis = asked.legalBasis ?? `Văn bản giao việc số ${held.documentNumber}`;
  if (parts.told === null) await parts.evidence.makeAll();
  const rows = await parts.storage.evidence.ofCase({ caseId: held.id, at: parts.clock.now() });
  const row = rows.find(
    (each) =>
      each.requestedBy.actor === actorOf(user) &&
      each.state !== 'failed' &&
      each.state !== 'removed' &&
      isOf(each, asked),
  );
  if (asked.again || !row || row.purpose !== reason || row.legalBasis !== legalBasis) {
    const act = await askAct(parts, user, {
      kind: 'evidence-export',
      body: { caseId: held.id, legalBasis, ...(asked.interval ? { interval: asked.interval } : {}) },
      reason,
    });
    return { state: 'pending', act: act.id, expiresAt: act.expiresAt };
  }
  if (row.folder === null || row.packageHash === null) {
    const { progress } = packageAnswer(parts, row);
    return { state: 'writing', package: row.id, done: progress?.done ?? 0, total: progress?.total ?? 0 };
  }
  await parts.storage.evidence.recordHandOver({
    ...{ id: row.id, by: user },
    audit: {
      ...{ at: parts.clock.now(), actor: actorOf(user), action: 'evidence.downloaded' },
      ...{ object: `case:${held.number}`, reason: null },
      body: { package: row.id, packageHash: row.packageHash, via: user.sessionId },
    },
  });
  const { packageHash, bytes } = row;
  const folder = parts.evidence.folders.pathOf(row.folder);
  return { state: 'ready', package: row.id, folder, packageHash, bytes: bytes ?? 0 };
}
