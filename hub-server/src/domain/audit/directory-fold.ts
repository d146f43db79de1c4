/**
 * Purpose: people, places, camera maps, forms, what kiosks offer and read aloud, and web users as the log's rows say they are: the last word on each
 *   object, and for each camera from when to when it saw which counter. What is held now must say the same.
 * Refuses: nothing; it finds. Secrets are not in the log, so a changed PIN or password cannot be seen here.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import type { Verdict } from '../verify/finding.ts';
import { type FoldedRow, UseFold } from './use-fold.ts';

type Content = Readonly<Record<string, unknown>>;
interface Said {
  readonly leaf: number;
  readonly content: Content;
}
/** camera, counter, from, to */
export type MapRow = readonly [string, string, number, number | null];

/** What each kind of object is compared by; more may stand in the row. */
const FIELDS = {
  office: ['name', 'place', 'phone', 'retentionDays', 'privateUrl'],
  unit: ['code', 'name'],
  officer: ['code', 'name', 'position', 'unitId', 'active', 'photo'],
  counter: ['number', 'name', 'unitId', 'active'],
  procedure: ['code', 'name', 'active'],
  camera: ['name', 'address', 'user', 'retentionDays', 'latencyMs', 'active', 'via'],
  camera_still: ['cameraId', 'sha256', 'takenAt', 'takenBy', 'approvedAt', 'approvedBy'],
  camera_latency: [
    'cameraId',
    'at',
    'by',
    'latencyMs',
    'measuredMs',
    'errorMs',
    'shownAt',
    'frameAt',
    'segmentId',
  ],
  instrument: ['versions'],
  kiosk_setting: ['walkupIntervalMs', 'month', 'received', 'mended', 'languages', 'pinDays', 'voices'],
  outcome_reason: ['outcome', 'vi', 'en', 'place', 'active'],
  notice: ['vi', 'en', 'from', 'to', 'units', 'place'],
  screen_hours: ['opensMin', 'closesMin', 'days'],
  closed_day: ['name'],
  voice_recording: ['sha256', 'durationMs'],
  web_user: ['username', 'name', 'roles', 'active'],
} as const;
export type DirectoryTable = keyof typeof FIELDS;
export const DIRECTORY_TABLES = Object.keys(FIELDS) as readonly DirectoryTable[];

/** Which act speaks of which table; the object's name is `noun:id`. */
const SAYS: Readonly<Record<string, DirectoryTable>> = {
  'office.saved': 'office',
  'unit.saved': 'unit',
  'officer.saved': 'officer',
  'officer.photo': 'officer',
  'counter.saved': 'counter',
  'procedure.saved': 'procedure',
  'camera.saved': 'camera',
  'camera.still_approved': 'camera_still',
  'camera.latency_measured': 'camera_latency',
  'instrument.saved': 'instrument',
  'kiosk_setting.saved': 'kiosk_setting',
  'reason.saved': 'outcome_reason',
  'voice.saved': 'voice_recording',
  'voice.removed': 'voice_recording',
  'notice.saved': 'notice',
  'notice.removed': 'notice',
  'screen_hours.saved': 'screen_hours',
  'screen_hours.removed': 'screen_hours',
  'closed_day.saved': 'closed_day',
  'closed_day.removed': 'closed_day',
  'user.saved': 'web_user',
  'setup.first_admin': 'web_user',
};

function readBody(text: string | null): Content {
  try {
    const body: unknown = JSON.parse(text ?? '{}');
    return typeof body === 'object' && body !== null ? (body as Content) : {};
  } catch {
    // The row itself is found by its leaf hash.
    return {};
  }
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

export class DirectoryFold {
  readonly #said = new Map<DirectoryTable, Map<string, Said>>(
    DIRECTORY_TABLES.map((table) => [table, new Map()]),
  );
  readonly uses = new UseFold();
  /** By camera, counter and beginning. */
  readonly #maps = new Map<string, { row: [string, string, number, number | null]; leaf: number }>();

  hear(row: FoldedRow): void {
    if (row.action === 'demo.removed') {
      this.#remove(row);
      return;
    }
    if (row.action === 'instrument.used') this.uses.hear(row);
    if (row.action === 'camera.mapped') this.#remap(row);
    if (row.action === 'camera.unmapped') this.#unmap(row);
    const table = SAYS[row.action];
    if (!table) return;
    const id = row.object.slice(row.object.indexOf(':') + 1);
    if (row.action.endsWith('.removed')) {
      this.#said.get(table)?.delete(id);
      return;
    }
    const before = this.#said.get(table)?.get(id)?.content ?? {};
    const body = readBody(row.body);
    this.#said.get(table)?.set(id, { leaf: row.seq, content: next(table, row.action, before, body) });
    if (table === 'camera') this.#turn(id, new Set(strings(body['counterIds'])), row);
  }

  /** What stood there before anybody saved it: no row speaks of it. */
  assume(table: DirectoryTable, key: string, content: Content): void {
    if (!this.#said.get(table)?.has(key)) this.#said.get(table)?.set(key, { leaf: 0, content });
  }

  #turn(camera: string, counters: ReadonlySet<string>, { at, seq }: FoldedRow): void {
    const open = [...this.#maps.values()].filter(({ row }) => row[0] === camera && row[3] === null);
    for (const held of open) if (!counters.has(held.row[1])) this.#end(held, at, seq);
    for (const counter of counters)
      if (!open.some(({ row }) => row[1] === counter))
        this.#maps.set(`${camera} ${counter} ${at}`, { row: [camera, counter, at, null], leaf: seq });
  }

  /** One row as it should be, in the place of the one that began at `was`. */
  #remap(row: FoldedRow): void {
    const camera = row.object.slice(row.object.indexOf(':') + 1);
    const { counterId, was, from, to } = readBody(row.body);
    if (typeof counterId !== 'string' || typeof from !== 'number') return;
    this.#maps.delete(`${camera} ${counterId} ${typeof was === 'number' ? was : from}`);
    const end = typeof to === 'number' ? to : null;
    this.#maps.set(`${camera} ${counterId} ${from}`, { row: [camera, counterId, from, end], leaf: row.seq });
  }

  #unmap(row: FoldedRow): void {
    const camera = row.object.slice(row.object.indexOf(':') + 1);
    const { counterId, from } = readBody(row.body);
    this.#maps.delete(`${camera} ${counterId} ${from}`);
  }

  #end(held: { row: [string, string, number, number | null]; leaf: number }, at: number, leaf: number): void {
    held.row[3] = at;
    held.leaf = leaf;
  }

  #remove(row: FoldedRow): void {
    const body = readBody(row.body);
    for (const table of DIRECTORY_TABLES)
      for (const id of strings(body[table])) this.#said.get(table)?.delete(id);
    const gone = new Set([...strings(body['camera']), ...strings(body['counter'])]);
    for (const held of this.#maps.values())
      if (held.row[3] === null && (gone.has(held.row[0]) || gone.has(held.row[1])))
        this.#end(held, row.at, row.seq);
  }

  /** Each object of a table, once. */
  compare(table: DirectoryTable, held: Iterable<readonly [string, Content]>, verdict: Verdict): void {
    const said = new Map(this.#said.get(table));
    for (const [key, content] of held) {
      const word = said.get(key);
      said.delete(key);
      if (!word) verdict.find('log.contradicts', { table, key }, 'no row of the log speaks of it');
      else
        for (const field of FIELDS[table])
          if (JSON.stringify(plain(word.content[field])) !== JSON.stringify(plain(content[field])))
            verdict.find('log.contradicts', { leaf: word.leaf, table, key }, field);
    }
    for (const [key, { leaf }] of said) verdict.find('log.contradicts', { leaf, table, key }, 'gone');
  }

  compareMaps(held: Iterable<MapRow>, verdict: Verdict): void {
    const table = 'camera_counter';
    const said = new Map(this.#maps);
    for (const [camera, counter, from, to] of held) {
      const key = `${camera} ${counter} ${from}`;
      const word = said.get(key);
      said.delete(key);
      if (!word) verdict.find('log.contradicts', { table, key }, 'no row of the log speaks of it');
      else if (word.row[3] !== to) verdict.find('log.contradicts', { leaf: word.leaf, table, key }, 'to');
    }
    for (const [key, { leaf }] of said) verdict.find('log.contradicts', { leaf, table, key }, 'gone');
  }
}

function next(table: DirectoryTable, action: string, before: Content, body: Content): Content {
  if (table === 'instrument') {
    const versions = [...strings(before['versions']), `${body['version']} ${body['sha256']}`];
    return { versions: versions.sort() };
  }
  if (action === 'setup.first_admin') return { ...body, active: true };
  // A new photo changes the photo, a saved officer all but the photo.
  return table === 'officer' ? { ...before, ...body } : body;
}

/** Absent and null are the same; an order of roles says nothing. */
function plain(value: unknown): unknown {
  return Array.isArray(value) ? [...new Set(strings(value))].sort() : (value ?? null);
}
