/**
 * Purpose: footage by expiring address. The policy is asked and the log row written before the address exists, and again before
 * the first byte of each file; the first of them says for good who watched.
 * Refuses: footage without an open case of one's own, past the ticket's time, from another session, or outside what the case
 * may see. See hub-server/DESIGN.md, "Cases and who watched"; hub-server/src/adapters/http/README.md, "Footage".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CameraId, SegmentId } from '@hailong/shared/ids.ts';
import type { HeldRow } from '@hailong/shared/protocol/footage.ts';
import type { CaseAnswer, ClipAnswer } from '@hailong/shared/protocol/http.ts';
import { type UtcMs, VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import { actorOf } from '../../domain/access/policy-law.ts';
import type { AuditAction } from '../../domain/audit/audit-entry.ts';
import { loggedPurpose } from '../../domain/cases/case-rules.ts';
import type { ClipFilm, ClipSegment, ClipView, FootageViews } from '../core-port.ts';
import type { FootageTicket } from '../ports/cases.ts';
import type { AdminParts, WebParts } from '../web-parts.ts';
import { subjectOf } from './case-subject.ts';
import { ownCase, type User } from './open-case.ts';

/** Long enough for a careful look, short enough for a forgotten screen. */
const TICKET_LIVES_MS = 30 * 60_000;

const two = (value: number) => String(value).padStart(2, '0');
function vietnamMinute(at: number): string {
  const local = new Date(at + VIETNAM_OFFSET_MS);
  const day = `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())} ${day}`;
}

/** A case that may open footage now. */
export function mustBeOpen(held: CaseAnswer): void {
  if (held.status !== 'open') throw new CodedError('footage.case_required', 'the case is closed');
}

export interface GivenTicket {
  readonly token: string;
  readonly expiresAt: UtcMs;
  readonly at: number;
}

/** The row and the ticket, one commit: nothing is handed out before. */
export async function giveTicket(
  parts: AdminParts,
  user: User,
  held: CaseAnswer,
  of: { readonly cameraId: CameraId; readonly intervalId: string | null },
): Promise<GivenTicket> {
  const at = parts.clock.now();
  const token = parts.secrets.token();
  const expiresAt = (at + TICKET_LIVES_MS) as UtcMs;
  await parts.storage.cases.issueTicket({
    ticket: {
      ...{ ticketHash: parts.secrets.hash(token), caseId: held.id, ...of },
      ...{ sessionId: user.sessionId, expiresAt },
    },
    at,
    audit: {
      ...{ at, actor: actorOf(user), action: 'footage.ticket', object: `case:${held.number}` },
      reason: loggedPurpose(held),
      body: {
        ...{ transaction: held.transactionId, interval: of.intervalId, camera: of.cameraId, expiresAt },
        via: user.sessionId,
      },
    },
  });
  return { token, expiresAt, at };
}

export async function openFootage(
  parts: WebParts,
  user: User,
  id: string,
  asked: { readonly cameraId: CameraId; readonly interval?: string | undefined },
): Promise<ClipAnswer> {
  const held = await ownCase(parts, user, id);
  mustBeOpen(held);
  const { cameraId, interval: intervalId = null } = asked;
  const view = await parts.footage.clip(subjectOf(held, intervalId), cameraId);
  if (!view) throw new CodedError('footage.missing');
  const { token, expiresAt, at } = await giveTicket(parts, user, held, { cameraId, intervalId });
  return {
    ...view.clip,
    playlist: `/api/v1/footage/${token}/playlist.m3u8`,
    downloads: view.downloads.map(({ segments, from, to }) => ({
      ...{ from: from as UtcMs, to: to as UtcMs, bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0) },
      address: `/api/v1/footage/${token}/download/${segments[0]?.segmentId}.mp4`,
    })),
    expiresAt,
    watermark: `${held.number} · ${user.name} · ${vietnamMinute(at)}`,
  };
}

export interface Ticketed {
  readonly ticket: FootageTicket;
  readonly held: CaseAnswer;
  readonly view: ClipView;
}

/** What this ticket opens at this moment, to whom it was given. */
export async function checkedTicket(
  parts: AdminParts & { readonly footage: Pick<FootageViews, 'clip'> },
  user: User,
  token: string,
): Promise<Ticketed> {
  const ticket = await parts.storage.cases.ticket({
    ...{ ticketHash: parts.secrets.hash(token), at: parts.clock.now() },
  });
  const held = ticket && (await parts.storage.cases.case({ id: ticket.caseId }));
  if (!ticket || !held) throw new CodedError('request.not_found');
  if (ticket.sessionId !== user.sessionId)
    throw new CodedError('access.refused', 'ticket of another session');
  const view = await parts.footage.clip(subjectOf(held, ticket.intervalId), ticket.cameraId);
  if (!view) throw new CodedError('footage.missing');
  return { ticket, held, view };
}

export async function recordAccess(
  parts: AdminParts,
  user: User,
  { ticket, held, view }: Ticketed,
  of: {
    readonly action: AuditAction;
    readonly object: string;
    readonly body?: object;
    /** The same again under this ticket has its row already; absent: by the object. */
    readonly once?: string;
  },
): Promise<void> {
  const transactionId = ticket.intervalId === null ? held.transactionId : null;
  const { ticketHash, caseId, cameraId } = ticket;
  await parts.storage.cases.recordAccess({
    view: {
      ...{ ticketHash, caseId, cameraId, transactionId, counterId: view.counterId, ...view.window },
      viewer: { id: user.userId, name: user.name },
    },
    object: of.once ?? of.object,
    audit: {
      ...{ at: parts.clock.now(), actor: actorOf(user), action: of.action, object: of.object, reason: null },
      body: {
        ...{ case: caseId, transaction: held.transactionId, interval: ticket.intervalId, camera: cameraId },
        ...of.body,
      },
    },
  });
}

export async function readPlaylist(parts: WebParts, user: User, token: string): Promise<string> {
  const opened = await checkedTicket(parts, user, token);
  await recordAccess(parts, user, opened, {
    ...{ action: 'footage.playlist', object: `camera:${opened.ticket.cameraId}` },
  });
  return opened.view.playlist((segmentId) => `/api/v1/footage/${token}/${segmentId}.mp4`);
}

/**
 * A film and its name; the row, which names every segment of it, is committed when this answers. What an address gives changes with
 * what has been closed and learnt since: each different film has a row of its own.
 */
export async function openDownload(
  parts: WebParts,
  user: User,
  token: string,
  segmentId: string,
): Promise<{ readonly film: ClipFilm; readonly name: string }> {
  const opened = await checkedTicket(parts, user, token);
  const { downloads, segments, cameraName } = opened.view;
  const isSegment = segments.some((each) => each.segmentId === segmentId);
  const left = isSegment ? [] : await parts.storage.segments.rowsOf({ ids: [segmentId as SegmentId] });
  const gone = left.find(({ segment }) => segment.camera === opened.ticket.cameraId);
  const film = filmNamed(downloads, segmentId) ?? (gone ? nearest(downloads, gone) : null);
  if (film === null) throw new CodedError(isSegment ? 'footage.no_download' : 'footage.missing');
  const ids = film.segments.map((each) => each.segmentId);
  const object = `download:${ids[0]}`;
  await recordAccess(parts, user, opened, {
    ...{ action: 'footage.downloaded', object, once: `${object} ${parts.secrets.hash(ids.join())}` },
    body: { from: film.from, to: film.to, segments: ids },
  });
  const local = new Date(film.from + VIETNAM_OFFSET_MS).toISOString();
  const at = `${local.slice(0, 10)} ${local.slice(11, 19)}`.replace(/[-:]/g, '');
  return { film, name: fileName(`${opened.held.number} ${cameraName} ${at}`) };
}

const filmNamed = (films: readonly ClipFilm[], segmentId: string): ClipFilm | null =>
  films.find(({ segments }) => segments.some((each) => each.segmentId === segmentId)) ?? null;

/**
 * The address names the segment that its film began with. What has been learnt of the camera's clock since may leave that one out: then
 * it is the film that begins next, or the last. By time: an id of what was found after a crash was minted then.
 */
function nearest(films: readonly ClipFilm[], { segment, mapping }: HeldRow): ClipFilm | null {
  const from =
    mapping === null || mapping.method === 'unplaced'
      ? segment.arrivalAt - (segment.mediaEndMs - segment.mediaStartMs)
      : mapping.offsetMs + segment.mediaStartMs;
  return films.find((film) => film.from >= from) ?? films.at(-1) ?? null;
}

/** Names are people's words: what could lead elsewhere or end a header is left out. */
const fileName = (text: string): string =>
  text.replace(/[^\p{L}\p{M}\p{N} ._-]+|\.{2,}/gu, ' ').replace(/ +/g, ' ');

/** The row is committed when this answers; only then may a byte leave. */
export async function openSegment(
  parts: WebParts,
  user: User,
  token: string,
  segmentId: string,
): Promise<ClipSegment> {
  const opened = await checkedTicket(parts, user, token);
  const segment = opened.view.segments.find((each) => each.segmentId === segmentId);
  if (!segment) throw new CodedError('footage.missing');
  await recordAccess(parts, user, opened, { action: 'footage.segment', object: `segment:${segmentId}` });
  return segment;
}
