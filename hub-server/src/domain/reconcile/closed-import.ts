/**
 * Purpose: a CSV of closed dossiers, row by row: what it says, or what is wrong with it. Pure.
 * Refuses: a code that is none (so no formula either), a time that is none, a counter that is not in the list.
 */
import type { CounterId } from '@hailong/shared/ids.ts';
import { dossierCode, officerCode, type Stage, stage } from '@hailong/shared/model/transaction.ts';
import type { ClosedDossier } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { plainHeader } from '../directory/import-columns.ts';
import type { ImportRow } from '../directory/import-plan.ts';
import { IMPORT_TEXTS, type ImportFault } from '../directory/import-texts.ts';
import { readVietnamTime } from './vietnam-time.ts';

/** As an office names its steps; the key itself is taken too. */
const STEPS: Readonly<Record<string, Stage>> = {
  ...{ 'tiep nhan': 'reception', 'tiep nhan ho so': 'reception' },
  ...{ 'bo sung': 'supplement', 'yeu cau bo sung': 'supplement' },
  ...{ 'tra ket qua': 'return', 'tu choi': 'refusal', 'huong dan': 'advice' },
};

export interface ReadClosed {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
  readonly errors: readonly { column: string; vi: string; en: string }[];
  /** Null while anything is wrong. */
  readonly dossier: ClosedDossier | null;
}

export function readClosedRow(
  { line, cells }: ImportRow,
  counters: readonly { readonly id: CounterId; readonly number: string }[],
  now: number,
): ReadClosed {
  const errors: { column: string; vi: string; en: string }[] = [];
  const fault = (column: string, why: ImportFault): void => {
    errors.push({ column, ...IMPORT_TEXTS[why] });
  };
  const cell = (column: string): string => cells[column] ?? '';
  const code = dossierCode.safeParse(cell('dossier'));
  if (!code.success) fault('dossier', cell('dossier') === '' ? 'empty' : 'dossier');
  const closedAt = readVietnamTime(cell('closedAt'));
  if (closedAt === null) fault('closedAt', cell('closedAt') === '' ? 'empty' : 'time');
  else if (closedAt > now) fault('closedAt', 'future');
  const step = stage.safeParse(STEPS[plainHeader(cell('step'))] ?? cell('step'));
  if (!step.success) fault('step', cell('step') === '' ? 'empty' : 'step');
  const number = cell('counter').toLocaleLowerCase('vi');
  const found = counters.filter((each) => each.number.toLocaleLowerCase('vi') === number);
  if (number !== '' && found.length !== 1) fault('counter', 'counters');
  const officer = officerCode.safeParse(cell('officer'));
  if (cell('officer') !== '' && !officer.success) fault('officer', 'code');
  const whole = errors.length === 0 && code.success && step.success && closedAt !== null;
  return {
    ...{ line, cells, errors },
    dossier: whole
      ? {
          ...{ dossierCode: code.data, closedAt: closedAt as UtcMs, step: step.data },
          ...(number === '' ? {} : { counterId: found[0]!.id }),
          ...(cell('officer') === '' || !officer.success ? {} : { officerCode: officer.data }),
        }
      : null,
  };
}
