/**
 * Purpose: the clip of a case on the command line: which files of which camera, from when to when, what is missing and why.
 * The same policy, tickets and rows as on the page; a path is as good as its bytes, so its row comes first. More than the case
 * is of waits for a second person (`wider-interval`), and is listed when the command is run again.
 * Refuses: a case that is closed, somebody else's or of another transaction; a turn that is still served. See hub-server/DESIGN.md, "Cases and who watched".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { askAct } from '../acts/ask-act.ts';
import type { FootageViews } from '../core-port.ts';
import type { AdminParts } from '../web-parts.ts';
import { caseNamed } from './case-named.ts';
import { type Asked, grantedOver, subjectOf } from './case-subject.ts';
import type { User } from './open-case.ts';
import { checkedTicket, giveTicket, mustBeOpen, recordAccess } from './open-footage.ts';

type ClipParts = AdminParts & { readonly footage: FootageViews };
type Line = Record<string, unknown>;

export interface ClipAsked {
  readonly case: string;
  /** As a check: of another one, nothing is listed. Null: whatever the case is of. */
  readonly transaction: string | null;
  /** Of the case's `wider`. */
  readonly interval: string | null;
  /** Instead of `interval`: times, with the reason that a second person reads where the case may not see them yet. */
  readonly wider: (Asked & { readonly reason: string | null }) | null;
}

export async function listClip(parts: ClipParts, user: User, asked: ClipAsked): Promise<readonly Line[]> {
  const held = await caseNamed(parts, user, asked.case);
  mustBeOpen(held);
  if (asked.transaction !== null && held.transactionId !== asked.transaction)
    throw new CodedError('footage.case_required', 'a case of another transaction');
  const { wider } = asked;
  if (wider === null) return linesOf(parts, user, held, asked.interval);
  if (await isOwn(parts, held, wider)) return linesOf(parts, user, held, null);
  const granted = grantedOver(held, wider);
  return granted === null ? [await askWider(parts, user, held, wider)] : linesOf(parts, user, held, granted);
}

/** Within what the case is of, by its own window; while that goes on, what is over of it is two people's like any interval. */
async function isOwn(parts: ClipParts, held: CaseAnswer, { from, to }: Asked): Promise<boolean> {
  const own = await parts.footage.timeline(subjectOf(held, null));
  return own?.opensBy === null && own.kioskBoundMs !== null && own.window.from <= from && own.window.to >= to;
}

async function askWider(
  parts: ClipParts,
  user: User,
  held: CaseAnswer,
  { from, to, reason }: NonNullable<ClipAsked['wider']>,
): Promise<Line> {
  if (reason === null) throw new CodedError('request.invalid', 'reason');
  const act = await askAct(parts, user, {
    kind: 'wider-interval',
    body: { caseId: held.id, from: from as UtcMs, to: to as UtcMs },
    reason,
  });
  return { event: 'clip', state: 'pending', case: held.number, act: act.id, expiresAt: act.expiresAt };
}

async function linesOf(
  parts: ClipParts,
  user: User,
  held: CaseAnswer,
  intervalId: string | null,
): Promise<Line[]> {
  const timeline = await parts.footage.timeline(subjectOf(held, intervalId));
  if (!timeline) throw new CodedError('reference.unknown', 'transaction');
  const { window, served, kioskBoundMs, cameras, opensBy } = timeline;
  // Before any address or row.
  if (opensBy !== null) throw new CodedError('footage.still_served');
  const placed = intervalId !== null || kioskBoundMs !== null;
  const lines: Line[] = [
    {
      ...{ event: 'clip', case: held.number, transaction: held.transactionId, interval: intervalId },
      ...{ placed, window: placed ? window : null, served, kioskBoundMs, cameras: cameras.length },
    },
  ];
  for (const { id, name, state, boundBeforeMs, boundAfterMs, gaps } of cameras) {
    lines.push({ event: 'camera', camera: id, name, state, boundBeforeMs, boundAfterMs, gaps });
    if (!placed || state === 'missing') continue;
    lines.push(...(await segmentsOf(parts, user, held, { cameraId: id, intervalId })));
  }
  return lines;
}

async function segmentsOf(
  parts: ClipParts,
  user: User,
  held: CaseAnswer,
  of: Parameters<typeof giveTicket>[3],
): Promise<Line[]> {
  const { token } = await giveTicket(parts, user, held, of);
  const opened = await checkedTicket(parts, user, token);
  const segments = opened.view.segments.map(({ segmentId }) => segmentId);
  await recordAccess(parts, user, opened, {
    ...{ action: 'footage.listed', object: `camera:${of.cameraId}`, body: { segments } },
  });
  const root = parts.footage.root();
  const { playFrom } = opened.view.clip;
  return [
    { event: 'play', camera: of.cameraId, playFromSeconds: playFrom, segments: segments.length },
    ...opened.view.segments.map(({ file, ...segment }) => ({
      ...{
        event: 'segment',
        camera: of.cameraId,
        ...segment,
        file: root === null ? file : `${root}/${file}`,
      },
    })),
  ];
}
