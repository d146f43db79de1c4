/**
 * Purpose: the packages of a case, and the expiring address one is fetched by. The log's row of the download is committed
 *   before its first byte; under one row no more bytes leave than one archive has.
 * Refuses: a case of somebody else, an address of another session, a package that is not ready.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ArchiveAddress, PackageAnswer } from '@hailong/shared/protocol/evidence.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { actorOf } from '../../domain/access/policy-law.ts';
import { SESSION_LIMITS, TOUCH_AFTER_MS } from '../../domain/access/session.ts';
import { ownCase, type User } from '../footage/open-case.ts';
import type { ArchiveTicket, EvidenceRow } from '../ports/evidence.ts';
import type { WebParts } from '../web-parts.ts';

/** To begin fetching. */
const ADDRESS_LIVES_MS = 30 * 60_000;
/** To go on once it has begun: a slow line takes hours and breaks meanwhile. As long as any session; each part asks for it and the policy anew. */
const GOES_ON_MS = 12 * 3_600_000;

export function packageAnswer(parts: Pick<WebParts, 'evidence'>, row: EvidenceRow): PackageAnswer {
  const progress = row.state === 'waiting' ? parts.evidence.progress(row.id) : null;
  return {
    ...{ id: row.id, state: progress === null ? row.state : 'writing', progress },
    requestedBy: { name: row.requestedBy.name, at: row.requestedBy.at },
    approvedBy: { name: row.approvedBy.name, at: row.approvedBy.at },
    ...{ purpose: row.purpose, legalBasis: row.legalBasis, code: row.code, bytes: row.bytes },
    ...{ keptUntil: row.keptUntil, removedAt: row.removedAt, removedReason: row.removedReason },
    ...{ interval: row.interval, packageHash: row.packageHash, writtenAt: row.writtenAt },
  } as PackageAnswer;
}

export async function listPackages(parts: WebParts, user: User, caseId: string): Promise<PackageAnswer[]> {
  const held = await ownCase(parts, user, caseId);
  const rows = await parts.storage.evidence.ofCase({ caseId: held.id, at: parts.clock.now() });
  return rows.map((row) => packageAnswer(parts, row));
}

export async function openArchive(parts: WebParts, user: User, id: string): Promise<ArchiveAddress> {
  const at = parts.clock.now();
  const row = await parts.storage.evidence.package({ id, at });
  if (!row) throw new CodedError('request.not_found');
  const held = await ownCase(parts, user, row.caseId);
  if (row.state === 'removed') throw new CodedError('evidence.removed', id);
  if (row.state !== 'ready') throw new CodedError('request.conflict', row.state);
  const token = parts.secrets.token();
  const expiresAt = (at + ADDRESS_LIVES_MS) as UtcMs;
  await parts.storage.evidence.issueTicket({
    ...{ ticketHash: parts.secrets.hash(token), id, sessionId: user.sessionId, at, expiresAt },
    audit: {
      ...{ at, actor: actorOf(user), action: 'evidence.address', object: `case:${held.number}` },
      ...{ reason: null, body: { package: id, packageHash: row.packageHash, expiresAt } },
    },
  });
  return { url: `/api/v1/packages/${token}/archive.zip`, expiresAt };
}

export interface OpenedArchive extends ArchiveTicket {
  readonly ticketHash: string;
  readonly number: string;
  readonly packageHash: string | null;
}

/** What this address opens at this moment, to whom it was given. */
export async function findArchive(parts: WebParts, user: User, token: string): Promise<OpenedArchive> {
  const ticketHash = parts.secrets.hash(token);
  const at = parts.clock.now();
  const ticket = await parts.storage.evidence.ticket({ ticketHash, at });
  if (!ticket) throw new CodedError('request.not_found');
  if (ticket.sessionId !== user.sessionId)
    throw new CodedError('access.refused', 'ticket of another session');
  const row = await parts.storage.evidence.package({ id: ticket.packageId, at });
  if (!row) throw new CodedError('request.not_found');
  const { number } = await ownCase(parts, user, row.caseId);
  const folder = parts.evidence.folders.pathOf(ticket.folder);
  return { ...ticket, folder, ticketHash, number, packageHash: row.packageHash };
}

/** Committed when this answers; only then may a byte leave. `from` and `to` of the archive, `total` bytes long. */
export async function recordPart(
  parts: WebParts,
  user: User,
  { ticketHash, number, packageId, packageHash }: OpenedArchive,
  part: { readonly from: number; readonly to: number; readonly total: number },
): Promise<void> {
  const at = parts.clock.now();
  await parts.storage.evidence.recordDownload({
    ...{ ticketHash, by: user, part, goesOnUntil: at + GOES_ON_MS },
    audit: {
      ...{ at, actor: actorOf(user), action: 'evidence.downloaded' },
      ...{ object: `case:${number}`, reason: null },
      body: { package: packageId, packageHash, via: user.sessionId, bytes: [part.from, part.to] },
    },
  });
}

/** Called while bytes leave: whoever fetches for an hour is not idle. Never brings back a session that was. */
export function keepAwake(parts: WebParts, user: User): () => Promise<void> {
  let usedAt: number = parts.clock.now();
  return async () => {
    const at = parts.clock.now();
    const idle = at - usedAt;
    if (idle < TOUCH_AFTER_MS || idle >= SESSION_LIMITS.user.idleMs) return;
    usedAt = at;
    await parts.storage.access.touchSession({ sessionId: user.sessionId, at });
  };
}
