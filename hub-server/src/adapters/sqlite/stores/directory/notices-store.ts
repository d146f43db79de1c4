/** Notices on SQLite: a row a notice, each change with its row of the log. */
import type { UnitId } from '@hailong/shared/ids.ts';
import type { HeldNotice } from '@hailong/shared/protocol/notices.ts';
import type { NoticesPort } from '../../../../application/ports/notices.ts';
import { type Db, many, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { bumpDirectory } from '../meta.ts';
import { units } from './directory-rows.ts';

type Row = Omit<HeldNotice, 'id' | 'units'> & { readonly id: string; readonly units: string | null };
const ROWS = `SELECT id, vi, en, from_day AS "from", to_day AS "to", units FROM notice ORDER BY place, id`;

/** As they stand in the table. */
const held = (db: Db): HeldNotice[] =>
  many<Row>(db, ROWS).map((row) => ({
    ...row,
    units: row.units === null ? null : (JSON.parse(row.units) as UnitId[]),
  }));

export function notices(db: Db): HeldNotice[] {
  const known = new Set<string>(units(db).map(({ id }) => id));
  return held(db).map((each) => ({ ...each, units: each.units?.filter((id) => known.has(id)) ?? null }));
}

export const noticesStore: Store<NoticesPort> = {
  list: read(notices),
  save: write((db, { base, notices: wanted, at, actor }) => {
    const before = new Map(held(db).map((each, index) => [each.id, { ...each, place: index + 1 }]));
    if (base.length !== before.size || base.some((id) => !before.has(id))) return 'conflict';
    const known = new Set<string>(units(db).map(({ id }) => id));
    if (wanted.some((each) => each.units?.some((id) => !known.has(id)))) return 'unknown';
    for (const [index, each] of wanted.entries()) {
      const { id, vi, en, from, to } = each;
      const body = {
        vi,
        en,
        from,
        to,
        units: each.units && [...new Set(each.units)].sort(),
        place: index + 1,
      };
      const was = before.get(id);
      before.delete(id);
      if (was && sameText({ ...body, id }, was)) continue;
      run(
        db,
        'INSERT OR REPLACE INTO notice (id, vi, en, from_day, to_day, units, place) VALUES (?,?,?,?,?,?,?)',
        ...[id, vi, en, from, to, body.units && JSON.stringify(body.units), body.place],
      );
      appendAudit(db, { at, actor, action: 'notice.saved', object: `notice:${id}`, reason: null, body });
    }
    for (const id of before.keys()) {
      run(db, 'DELETE FROM notice WHERE id = ?', id);
      appendAudit(db, { at, actor, action: 'notice.removed', object: `notice:${id}`, reason: null });
    }
    bumpDirectory(db);
    return 'saved';
  }),
};

type Placed = HeldNotice & { readonly place: number };
const sameText = (a: Placed, b: Placed): boolean =>
  (['vi', 'en', 'from', 'to', 'place'] as const).every((field) => a[field] === b[field]) &&
  JSON.stringify(a.units) === JSON.stringify(b.units);
