/**
 * Purpose: judges an imported list against what is held: add, change, same or error, row by row, and the changes to
 * make. Pure, so that the preview and the import are the same judgement.
 * Refuses: any change at all while one row is wrong: all or nothing.
 */

import type { Camera, Counter, Officer, Procedure, Unit } from '@hailong/shared/model/directory.ts';
import { personName } from '@hailong/shared/model/directory.ts';
import { officerCode, pin, procedureCode } from '@hailong/shared/model/transaction.ts';
import type { ImportAnswer } from '@hailong/shared/protocol/http.ts';
import { readCameraAddress } from './camera-address.ts';
import { type ImportKind, plainHeader, SECRET_COLUMNS } from './import-columns.ts';
import { IMPORT_TEXTS, type ImportFault } from './import-texts.ts';

export type { ImportKind };
export interface ImportRow {
  /** Line of the file, the header being line 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}
export interface ImportState {
  readonly units: readonly Unit[];
  readonly officers: readonly Officer[];
  readonly counters: readonly Counter[];
  readonly procedures: readonly Procedure[];
  readonly cameras: readonly Camera[];
  /** Retention of a camera whose cell is empty, days. */
  readonly retentionDays: number;
}
/** One row to write: `id` null adds. `row` indexes the rows given. */
export type ImportChange = { readonly row: number } & (
  | { readonly kind: 'units'; readonly id: string | null; readonly value: Omit<Unit, 'id'> }
  | {
      readonly kind: 'officers';
      readonly id: string | null;
      readonly value: Omit<Officer, 'id' | 'photo'>;
      readonly pin: string | null;
    }
  | { readonly kind: 'counters'; readonly id: string | null; readonly value: Omit<Counter, 'id'> }
  | { readonly kind: 'procedures'; readonly id: string | null; readonly value: Procedure }
  | {
      readonly kind: 'cameras';
      readonly id: string | null;
      readonly value: Omit<Camera, 'id'>;
      readonly password: string | null;
    }
);
export interface ImportPlan {
  readonly answer: ImportAnswer;
  readonly changes: readonly ImportChange[];
}

type Errors = ImportAnswer['rows'][number]['errors'];
/** Reads the cells of one row and remembers what is wrong with them. */
class Cells {
  readonly errors: Errors = [];
  readonly #cells: Readonly<Record<string, string>>;
  constructor(cells: Readonly<Record<string, string>>) {
    this.#cells = cells;
  }
  fault(column: string, fault: ImportFault): void {
    this.errors.push({ column, ...IMPORT_TEXTS[fault] });
  }
  raw(column: string): string {
    return (this.#cells[column] ?? '').trim();
  }
  text(column: string, max: number): string {
    const value = this.raw(column).normalize('NFC');
    if (value === '') this.fault(column, 'empty');
    else if (value.length > max) this.fault(column, 'long');
    return value;
  }
  parsed<T>(
    column: string,
    schema: { safeParse(v: unknown): { success: boolean; data?: T } },
    fault: ImportFault,
  ): T {
    const value = this.raw(column);
    const parsed = schema.safeParse(value);
    if (value === '') this.fault(column, 'empty');
    else if (!parsed.success) this.fault(column, fault);
    return parsed.data as T;
  }
  active(): boolean {
    const value = plainHeader(this.raw('active'));
    if (['', '1', 'co', 'yes', 'true', 'x', 'dang lam viec', 'dang dung'].includes(value)) return true;
    if (['0', 'khong', 'no', 'false', 'nghi', 'ngung'].includes(value)) return false;
    this.fault('active', 'active');
    return true;
  }
  whole(column: string, empty: number, min: number, max: number): number {
    const value = this.raw(column);
    if (value === '') return empty;
    const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) this.fault(column, 'number');
    return number;
  }
}

const same = (a: string, b: string) => a.localeCompare(b, 'vi', { sensitivity: 'accent' }) === 0;

function unitOf(cells: Cells, state: ImportState): Unit['id'] {
  const code = cells.raw('unit');
  const found = state.units.find((each) => same(each.code, code));
  if (code === '') cells.fault('unit', 'empty');
  else if (!found) cells.fault('unit', 'unit');
  return found?.id as Unit['id'];
}

type Judged = { key: string; held: readonly { id: string | null; same: boolean }[]; change: ImportChange };

function judge(kind: ImportKind, row: number, cells: Cells, state: ImportState): Judged {
  switch (kind) {
    case 'units': {
      const value = { code: cells.text('code', 20), name: cells.text('name', 120) };
      const held = state.units.filter((each) => same(each.code, value.code));
      const id = held[0]?.id ?? null;
      return {
        key: value.code,
        held: held.map((each) => ({
          id: each.id,
          same: each.name === value.name && each.code === value.code,
        })),
        change: { row, kind, id, value },
      };
    }
    case 'officers': {
      const value = {
        code: cells.parsed<string>('code', officerCode, 'code'),
        name: cells.parsed<string | undefined>('name', personName, 'long')?.normalize('NFC') ?? '',
        position: cells.text('position', 80),
        unitId: unitOf(cells, state),
        active: cells.active(),
      };
      const secret = cells.raw('pin');
      if (secret !== '' && !pin.safeParse(secret).success) cells.fault('pin', 'pin');
      const held = state.officers.filter((each) => each.code === value.code);
      return {
        key: value.code,
        held: held.map((each) => ({
          id: each.id,
          same:
            secret === '' &&
            each.name === value.name &&
            each.position === value.position &&
            each.unitId === value.unitId &&
            each.active === value.active,
        })),
        change: { row, kind, id: held[0]?.id ?? null, value, pin: secret === '' ? null : secret },
      };
    }
    case 'counters': {
      const value = {
        number: cells.text('number', 8),
        name: cells.text('name', 80),
        unitId: unitOf(cells, state),
        active: cells.active(),
      };
      const held = state.counters.filter((each) => same(each.number, value.number));
      return {
        key: value.number,
        held: held.map((each) => ({
          id: each.id,
          same: each.name === value.name && each.unitId === value.unitId && each.active === value.active,
        })),
        change: { row, kind, id: held[0]?.id ?? null, value },
      };
    }
    case 'procedures': {
      const value = {
        code: cells.parsed<string>('code', procedureCode, 'code'),
        name: cells.text('name', 200),
        active: cells.active(),
      };
      const held = state.procedures.filter((each) => each.code === value.code);
      return {
        key: value.code,
        held: held.map((each) => ({
          id: each.code,
          same: each.name === value.name && each.active === value.active,
        })),
        change: { row, kind, id: held[0]?.code ?? null, value },
      };
    }
    case 'cameras':
      return judgeCamera(row, cells, state);
  }
}

function judgeCamera(row: number, cells: Cells, state: ImportState): Judged {
  const address = readCameraAddress(cells.raw('address'));
  if (!address.ok) cells.fault('address', cells.raw('address') === '' ? 'empty' : 'address');
  const counterIds: Counter['id'][] = [];
  const numbers = cells
    .raw('counters')
    .split(/[|;,]/)
    .map((each) => each.trim())
    .filter(Boolean);
  for (const number of numbers) {
    const found = state.counters.filter((each) => same(each.number, number));
    if (found.length !== 1) cells.fault('counters', 'counters');
    else if (!counterIds.includes(found[0]!.id)) counterIds.push(found[0]!.id);
  }
  if (numbers.length === 0) cells.fault('counters', 'empty');
  const user = cells.raw('user');
  if (user.length > 64) cells.fault('user', 'long');
  const password = cells.raw('password');
  if (password.length > 128) cells.fault('password', 'long');
  const name = cells.text('name', 80);
  const held = state.cameras.filter((each) => same(each.name, name));
  const before = held[0];
  const value = {
    name,
    address: address.ok ? address.address : '',
    user,
    counterIds,
    retentionDays: cells.whole('retentionDays', before?.retentionDays ?? state.retentionDays, 1, 3650),
    latencyMs: cells.whole('latencyMs', before?.latencyMs ?? 2000, 0, 20_000),
    active: cells.active(),
    // No column: what was chosen by hand stays.
    ...(before?.via === undefined ? {} : { via: before.via }),
  };
  const sameMaps = (each: Camera) => [...each.counterIds].sort().join() === [...counterIds].sort().join();
  return {
    key: name,
    held: held.map((each) => ({
      id: each.id,
      same:
        password === '' &&
        each.address === value.address &&
        each.user === value.user &&
        each.retentionDays === value.retentionDays &&
        each.latencyMs === value.latencyMs &&
        each.active === value.active &&
        sameMaps(each),
    })),
    change: {
      row,
      kind: 'cameras',
      id: before?.id ?? null,
      value,
      password: password === '' ? null : password,
    },
  };
}

function shown(cells: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cells).map(([key, value]) => [
      key,
      SECRET_COLUMNS.has(key) && value !== '' ? '••••' : value,
    ]),
  );
}

export function planImport(kind: ImportKind, rows: readonly ImportRow[], state: ImportState): ImportPlan {
  const seen = new Set<string>();
  const changes: ImportChange[] = [];
  let errors = 0;
  const answer = rows.map((row, index): ImportAnswer['rows'][number] => {
    const cells = new Cells(row.cells);
    const judged = judge(kind, index, cells, state);
    const key = (judged.key ?? '').toLocaleLowerCase('vi');
    const column = kind === 'counters' ? 'number' : kind === 'cameras' ? 'name' : 'code';
    if (key !== '' && seen.has(key)) cells.fault(column, 'twice');
    if (judged.held.length > 1) cells.fault(column, 'ambiguous');
    seen.add(key);
    errors += cells.errors.length;
    const action =
      cells.errors.length > 0
        ? 'error'
        : judged.held.length === 0
          ? 'add'
          : judged.held[0]!.same
            ? 'same'
            : 'change';
    if (action === 'add' || action === 'change') changes.push(judged.change);
    return { line: row.line, action, cells: shown(row.cells), errors: cells.errors };
  });
  return { answer: { rows: answer, errors, applied: false }, changes: errors > 0 ? [] : changes };
}
