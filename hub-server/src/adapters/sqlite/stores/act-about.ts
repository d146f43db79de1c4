/** What an act is about by the names people use, for its second person: nobody agrees to an id. See act-work.ts. */
import type { ActAbout, ActBody, ActKind } from '@hailong/shared/protocol/acts.ts';
import { type Db, many, one } from '../op.ts';

const nothing: ActAbout = { cameras: [], from: null, to: null, counter: null };

export function aboutOf(db: Db, kind: ActKind, body: unknown): ActAbout | null {
  if (kind === 'hold-add') {
    const { cameraId, from, to } = body as ActBody<'hold-add'>;
    const camera = one<{ name: string }>(db, 'SELECT name FROM camera WHERE id = ?', cameraId);
    return camera ? { ...nothing, cameras: [camera.name], from, to } : null;
  }
  if (kind === 'hold-end') {
    const rows = many<{ name: string | null; from: number; to: number }>(
      db,
      `SELECT k.name, min(h.from_at) AS "from", max(h.to_at) AS "to" FROM footage_hold h
         LEFT JOIN camera k ON k.id = h.camera_id WHERE h.request = ? GROUP BY h.camera_id ORDER BY k.name`,
      (body as ActBody<'hold-end'>).hold,
    );
    if (rows.length === 0) return null;
    return {
      ...{ counter: null, cameras: rows.map(({ name }) => name ?? '?') },
      from: Math.min(...rows.map(({ from }) => from)) as ActAbout['from'],
      to: Math.max(...rows.map(({ to }) => to)) as ActAbout['to'],
    };
  }
  if (kind !== 'counter-reported') return null;
  const { counterId, upTo } = body as ActBody<'counter-reported'>;
  const counter = one<{ number: string; name: string }>(
    db,
    'SELECT number, name FROM counter WHERE id = ?',
    counterId,
  );
  return counter ? { ...nothing, to: upTo, counter: { ...counter } } : null;
}
