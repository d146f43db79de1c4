/** When screens are lit on SQLite: a row a place and a closed day, each change with its row of the log. */
import type { CounterId, UnitId } from '@hailong/shared/ids.ts';
import type { ScreenHoursSettings, WeekHours } from '@hailong/shared/protocol/screen-hours.ts';
import type { Who } from '../../../../application/ports/instruments.ts';
import type { ScreenHoursPort } from '../../../../application/ports/screen-hours.ts';
import type { AuditAction } from '../../../../domain/audit/audit-entry.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { bumpDirectory } from '../meta.ts';

type Hours = { readonly [K in keyof WeekHours]: number | null };
const ALWAYS: Hours = { opensMin: null, closesMin: null, days: null };
const OFFICE = 'office';
const PLACES =
  'SELECT place, opens_min AS opensMin, closes_min AS closesMin, days FROM screen_hours ORDER BY place';
const DAYS = 'SELECT date, name FROM closed_day ORDER BY date';

const heldPlaces = (db: Db): Map<string, Hours> =>
  new Map(many<Hours & { place: string }>(db, PLACES).map(({ place, ...hours }) => [place, hours]));
const heldDays = (db: Db): Map<string, string> =>
  new Map(many<{ date: string; name: string }>(db, DAYS).map(({ date, name }) => [date, name]));

export const closedDays = (db: Db): string[] => [...heldDays(db).keys()];

const weekOf = ({ opensMin, closesMin, days }: Hours): WeekHours | null =>
  opensMin === null || closesMin === null || days === null ? null : { opensMin, closesMin, days };

const isHere = (db: Db, table: 'unit' | 'counter', id: string): boolean =>
  one(db, `SELECT 1 FROM ${table} WHERE id = ?`, id) !== undefined;

/** What stands at a unit or counter that was removed since says nothing. */
export function screenHoursSettings(db: Db): ScreenHoursSettings {
  const places = heldPlaces(db);
  const exceptions: ScreenHoursSettings['exceptions'] = [];
  for (const [place, hours] of places) {
    const [kind, id = ''] = place.split('/');
    if (kind === 'unit' && isHere(db, kind, id))
      exceptions.push({ unitId: id as UnitId, counterId: null, hours: weekOf(hours) });
    if (kind === 'counter' && isHere(db, kind, id))
      exceptions.push({ unitId: null, counterId: id as CounterId, hours: weekOf(hours) });
  }
  return {
    office: weekOf(places.get(OFFICE) ?? ALWAYS),
    exceptions,
    closedDays: [...heldDays(db)].map(([date, name]) => ({ date, name })),
  };
}

/** By place, what is to stand there. */
function wanted({ office, exceptions }: ScreenHoursSettings): Map<string, Hours> {
  const rows = exceptions.map(({ unitId, counterId, hours }): [string, Hours] => [
    counterId === null ? `unit/${unitId}` : `counter/${counterId}`,
    hours ?? ALWAYS,
  ]);
  return new Map([...(office ? [[OFFICE, office] as [string, Hours]] : []), ...rows]);
}

export const screenHoursStore: Store<ScreenHoursPort> = {
  settings: read(screenHoursSettings),
  save: write((db, { settings, ...by }) => {
    for (const { unitId, counterId } of settings.exceptions)
      if (counterId === null ? !isHere(db, 'unit', unitId ?? '') : !isHere(db, 'counter', counterId))
        return 'unknown';
    const [places, held] = [wanted(settings), heldPlaces(db)];
    for (const [place, { opensMin, closesMin, days }] of places) {
      const row = { opensMin, closesMin, days };
      if (JSON.stringify(held.get(place)) === JSON.stringify(row)) continue;
      run(
        db,
        'INSERT OR REPLACE INTO screen_hours (place, opens_min, closes_min, days) VALUES (?,?,?,?)',
        ...[place, opensMin, closesMin, days],
      );
      note(db, by, 'screen_hours.saved', `screen-hours:${place}`, row);
    }
    for (const place of held.keys()) {
      if (places.has(place)) continue;
      run(db, 'DELETE FROM screen_hours WHERE place = ?', place);
      note(db, by, 'screen_hours.removed', `screen-hours:${place}`);
    }
    saveDays(db, settings, by);
    bumpDirectory(db);
    return 'saved';
  }),
};

function saveDays(db: Db, settings: ScreenHoursSettings, by: Who): void {
  const [days, held] = [new Map(settings.closedDays.map(({ date, name }) => [date, name])), heldDays(db)];
  for (const [date, name] of days) {
    if (held.get(date) === name) continue;
    run(db, 'INSERT OR REPLACE INTO closed_day (date, name) VALUES (?,?)', date, name);
    note(db, by, 'closed_day.saved', `closed-day:${date}`, { name });
  }
  for (const date of held.keys()) {
    if (days.has(date)) continue;
    run(db, 'DELETE FROM closed_day WHERE date = ?', date);
    note(db, by, 'closed_day.removed', `closed-day:${date}`);
  }
}

function note(db: Db, { at, actor }: Who, action: AuditAction, object: string, body?: object): void {
  appendAudit(db, { ...{ at, actor, action, object, reason: null }, ...(body ? { body } : {}) });
}
