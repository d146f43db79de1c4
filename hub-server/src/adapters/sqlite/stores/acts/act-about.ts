/**
 * What an act is about by the names people use, for its second person: nobody agrees to an id, nor to footage without knowing of
 * whom. Refuses: to name who is denounced. See hub-server/DESIGN.md, "Acts of two people".
 */
import type { ActAbout, ActBody, ActKind } from '@hailong/shared/protocol/acts.ts';
import { servedSpan } from '../../../../domain/footage/served-span.ts';
import { type Interval, transactionWindow } from '../../../../domain/footage/window.ts';
import { type Db, many, one } from '../../op.ts';
import { onDutyAt } from '../footage/watched-rows.ts';
import { CASE, type CaseAt } from '../holds/hold-rows.ts';
import { lanesView } from '../inbox/transaction-views.ts';

const nothing: ActAbout = { cameras: [], from: null, to: null, counter: null, officers: [] };

const counterNamed = (db: Db, id: string) =>
  one<{ number: string; name: string }>(db, 'SELECT number, name FROM counter WHERE id = ?', id);

/** Where a case is, and its own window as the inspector sees it (null: it cannot be placed); null: its turn is not known here. */
function ownOf(db: Db, { transactionId, counterId, from, to }: CaseAt) {
  if (counterId !== null && from !== null && to !== null) return { counterId, window: { from, to } };
  const lanes = lanesView(db, transactionId);
  if (!lanes) return null;
  const { counterId: counter, facts, boundMs } = lanes;
  const window =
    boundMs === null ? null : transactionWindow(servedSpan(facts), boundMs, Number.MAX_SAFE_INTEGER);
  return { counterId: counter, window };
}

/** Footage of a case's counter: of what it is of, or of the interval that is asked for. */
function footageOf(db: Db, caseId: string, asked: Interval | null, secret: boolean): ActAbout | null {
  const held = one<CaseAt>(db, `${CASE} WHERE c.id = ?`, caseId);
  const place = held ? ownOf(db, held) : null;
  const counter = (place && counterNamed(db, place.counterId)) ?? null;
  const of = asked ?? place?.window ?? null;
  if (of === null) return counter && { ...nothing, counter };
  const { from, to } = of as Pick<ActAbout, 'from' | 'to'> & Interval;
  if (place === null) return { ...nothing, from, to };
  const cameras = many<{ name: string }>(
    db,
    `SELECT DISTINCT c.name FROM camera_counter m JOIN camera c ON c.id = m.camera_id
     WHERE m.counter_id = ? AND m.from_at <= ? AND (m.to_at IS NULL OR m.to_at >= ?) ORDER BY c.name`,
    ...[place.counterId, to, from],
  );
  return {
    ...{ cameras: cameras.map(({ name }) => name), from, to },
    counter,
    officers: secret ? [] : onDutyAt(db, { counterId: place.counterId, from, to }),
  };
}

export function aboutOf(db: Db, kind: ActKind, body: unknown, secret: boolean): ActAbout | null {
  if (kind === 'wider-interval') {
    const { caseId, from, to } = body as ActBody<'wider-interval'>;
    return footageOf(db, caseId, { from, to }, secret);
  }
  if (kind === 'evidence-export') {
    const { caseId, interval } = body as ActBody<'evidence-export'>;
    return footageOf(db, caseId, interval ?? null, secret);
  }
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
      ...{ ...nothing, cameras: rows.map(({ name }) => name ?? '?') },
      from: Math.min(...rows.map(({ from }) => from)) as ActAbout['from'],
      to: Math.max(...rows.map(({ to }) => to)) as ActAbout['to'],
    };
  }
  const { counterId, upTo } = body as ActBody<'counter-reported'>;
  const counter = counterNamed(db, counterId);
  return counter ? { ...nothing, to: upTo, counter: { ...counter } } : null;
}
