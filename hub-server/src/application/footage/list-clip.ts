/**
 * Purpose: the clip of a transaction on the command line: which files of which camera, from when to when, what is missing and why.
 * The same policy, tickets and rows as on the page; a path is as good as its bytes, so its row comes first.
 * Refuses: a case that is closed, somebody else's or of another transaction. See hub-server/DESIGN.md, "Cases and who watched".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { FootageViews } from '../core-port.ts';
import type { AdminParts } from '../web-parts.ts';
import { subjectOf } from './case-subject.ts';
import { ownCase, type User } from './open-case.ts';
import { checkedTicket, giveTicket, mustBeOpen, recordAccess } from './open-footage.ts';

type ClipParts = AdminParts & { readonly footage: FootageViews };
type Line = Record<string, unknown>;

export async function listClip(
  parts: ClipParts,
  user: User,
  asked: { readonly case: string; readonly transaction: string; readonly interval: string | null },
): Promise<readonly Line[]> {
  const held = await ownCase(parts, user, asked.case);
  mustBeOpen(held);
  if (held.transactionId !== asked.transaction)
    throw new CodedError('footage.case_required', 'a case of another transaction');
  const subject = subjectOf(held, asked.interval);
  const timeline = await parts.footage.timeline(subject);
  if (!timeline) throw new CodedError('reference.unknown', 'transaction');
  const { window, kioskBoundMs, cameras } = timeline;
  const placed = asked.interval !== null || kioskBoundMs !== null;
  const lines: Line[] = [
    {
      ...{ event: 'clip', case: held.number, transaction: asked.transaction, interval: asked.interval },
      ...{ placed, window: placed ? window : null, kioskBoundMs, cameras: cameras.length },
    },
  ];
  for (const { id, name, state, boundBeforeMs, boundAfterMs, gaps } of cameras) {
    lines.push({ event: 'camera', camera: id, name, state, boundBeforeMs, boundAfterMs, gaps });
    if (!placed || state === 'missing') continue;
    lines.push(...(await segmentsOf(parts, user, held, { cameraId: id, intervalId: asked.interval })));
  }
  return lines;
}

async function segmentsOf(
  parts: ClipParts,
  user: User,
  held: Parameters<typeof giveTicket>[2],
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
