/**
 * Purpose: the minimal case and what it opens: the timeline, and footage by expiring address. The log row is written
 * before the address exists, and again before the first byte of each file.
 * Refuses: footage without an open case of one's own, past the ticket's time, from another session, or outside the
 * transaction's window. See hub-server/src/adapters/http/README.md, "Footage".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CameraId, CaseId, TransactionId } from '@hailong/shared/ids.ts';
import type { CaseAnswer, CaseType, ClipAnswer, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import { type UtcMs, VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import { actorOf, type Identity } from '../../domain/access/policy-law.ts';
import type { ClipSegment, ClipView } from '../core-port.ts';
import type { FootageTicket } from '../ports/cases.ts';
import type { WebParts } from '../web-parts.ts';

export type User = Extract<Identity, { kind: 'user' }>;
/** Long enough for a careful look, short enough for a forgotten screen. */
const TICKET_LIVES_MS = 30 * 60_000;

export async function openCase(
  parts: WebParts,
  user: User,
  input: {
    type: CaseType;
    documentNumber: string;
    purpose: string;
    transactionId: TransactionId;
    disputed: boolean;
  },
): Promise<CaseAnswer> {
  if (!(await parts.core.transaction(input.transactionId)))
    throw new CodedError('reference.unknown', 'transaction');
  const at = parts.clock.now();
  const { type, documentNumber, purpose, transactionId, disputed } = input;
  return parts.storage.cases.openCase({
    id: parts.secrets.id() as CaseId,
    ...input,
    assignee: { id: user.userId, name: user.name },
    at,
    audit: {
      at,
      actor: actorOf(user),
      action: 'case.opened',
      object: '',
      reason: purpose,
      body: { type, documentNumber, transactionId, disputed },
    },
  });
}

/** The case, if it is this inspector's. */
export async function ownCase(parts: WebParts, user: User, id: string): Promise<CaseAnswer> {
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
  const at = parts.clock.now();
  const changed = await parts.storage.cases.changeCase({
    id,
    ...change,
    at,
    audit: { at, actor: actorOf(user), action: 'case.changed', object: '', reason: null, body: change },
  });
  if (!changed) throw new CodedError('request.not_found');
  return changed;
}

export async function showTimeline(parts: WebParts, user: User, id: string): Promise<TimelineAnswer> {
  const held = await ownCase(parts, user, id);
  const { transactionId } = held;
  const [transaction, ratings, lanes] = await Promise.all([
    parts.core.transaction(transactionId),
    parts.core.ratings(transactionId),
    parts.footage.timeline(transactionId),
  ]);
  if (!transaction || !lanes) throw new CodedError('reference.unknown', 'transaction');
  return {
    case: held,
    transaction,
    ratings: ratings ?? { transactionId, instrument: null, effective: null, votes: [] },
    ...lanes,
  };
}

const two = (value: number) => String(value).padStart(2, '0');
function vietnamMinute(at: number): string {
  const local = new Date(at + VIETNAM_OFFSET_MS);
  const day = `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())} ${day}`;
}

export async function openFootage(
  parts: WebParts,
  user: User,
  id: string,
  cameraId: CameraId,
): Promise<ClipAnswer> {
  const held = await ownCase(parts, user, id);
  if (held.status !== 'open') throw new CodedError('footage.case_required', 'the case is closed');
  const view = await parts.footage.clip(held.transactionId, cameraId);
  if (!view) throw new CodedError('footage.missing');
  const at = parts.clock.now();
  const token = parts.secrets.token();
  const expiresAt = (at + TICKET_LIVES_MS) as UtcMs;
  await parts.storage.cases.issueTicket({
    ticket: {
      ticketHash: parts.secrets.hash(token),
      caseId: held.id,
      transactionId: held.transactionId,
      cameraId,
      sessionId: user.sessionId,
      expiresAt,
    },
    at,
    audit: {
      at,
      actor: actorOf(user),
      action: 'footage.ticket',
      object: `case:${held.number}`,
      reason: held.purpose,
      body: { transaction: held.transactionId, camera: cameraId, expiresAt },
    },
  });
  return {
    ...view.clip,
    playlist: `/api/v1/footage/${token}/playlist.m3u8`,
    expiresAt,
    watermark: `${held.number} · ${user.name} · ${vietnamMinute(at)}`,
  };
}

async function checkedTicket(parts: WebParts, user: User, token: string): Promise<[FootageTicket, ClipView]> {
  const ticket = await parts.storage.cases.ticket({
    ticketHash: parts.secrets.hash(token),
    at: parts.clock.now(),
  });
  if (!ticket) throw new CodedError('request.not_found');
  if (ticket.sessionId !== user.sessionId)
    throw new CodedError('access.refused', 'ticket of another session');
  const view = await parts.footage.clip(ticket.transactionId, ticket.cameraId);
  if (!view) throw new CodedError('footage.missing');
  return [ticket, view];
}

async function record(
  parts: WebParts,
  user: User,
  ticket: FootageTicket,
  action: 'footage.playlist' | 'footage.segment',
  object: string,
): Promise<void> {
  const at = parts.clock.now();
  const body = { case: ticket.caseId, transaction: ticket.transactionId, camera: ticket.cameraId };
  await parts.storage.cases.recordAccess({
    ticketHash: ticket.ticketHash,
    object,
    audit: { at, actor: actorOf(user), action, object, reason: null, body },
  });
}

export async function readPlaylist(parts: WebParts, user: User, token: string): Promise<string> {
  const [ticket, view] = await checkedTicket(parts, user, token);
  await record(parts, user, ticket, 'footage.playlist', `camera:${ticket.cameraId}`);
  return view.playlist((segmentId) => `/api/v1/footage/${token}/${segmentId}.mp4`);
}

/** The row is committed when this answers; only then may a byte leave. */
export async function openSegment(
  parts: WebParts,
  user: User,
  token: string,
  segmentId: string,
): Promise<ClipSegment> {
  const [ticket, view] = await checkedTicket(parts, user, token);
  const segment = view.segments.find((each) => each.segmentId === segmentId);
  if (!segment) throw new CodedError('footage.missing');
  await record(parts, user, ticket, 'footage.segment', `segment:${segmentId}`);
  return segment;
}
