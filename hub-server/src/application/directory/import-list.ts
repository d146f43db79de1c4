/**
 * Purpose: a list from a file: preview, then all rows or none. PINs are hashed and passwords sealed before the one
 * transaction that judges again and writes.
 * Refuses: a file with a wrong header or any wrong row.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { OfficerId } from '@hailong/shared/ids.ts';
import type { ImportAnswer } from '@hailong/shared/protocol/http.ts';
import { type ImportKind, type ListKind, readHeader } from '../../domain/directory/import-columns.ts';
import type { ImportRow } from '../../domain/directory/import-plan.ts';
import type { AdminParts } from '../web-parts.ts';
import { tellCameras } from './tell-cameras.ts';

export type TableReading =
  | { readonly ok: true; readonly rows: readonly ImportRow[] }
  | { readonly ok: false; readonly where: readonly { path: string; message: string }[] };

/** Records as a CSV parser gives them, the first being the header. Empty rows are skipped, lines keep their numbers. */
export function readTable(
  kind: ListKind,
  records: readonly { readonly line: number; readonly cells: readonly string[] }[],
): TableReading {
  const header = records[0];
  if (!header) return { ok: false, where: [{ path: 'file', message: 'Tệp rỗng. · The file is empty.' }] };
  const reading = readHeader(kind, header.cells);
  if (!reading.ok)
    return {
      ok: false,
      where: [
        ...reading.missing.map((path) => ({ path, message: 'Thiếu cột này. · This column is missing.' })),
        ...reading.doubled.map((path) => ({
          path,
          message: 'Cột này có hai lần. · This column stands twice.',
        })),
      ],
    };
  const rows = records
    .slice(1)
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ line, cells }) => ({
      line,
      cells: Object.fromEntries(
        reading.columns.flatMap((key, index) => (key === null ? [] : [[key, (cells[index] ?? '').trim()]])),
      ),
    }));
  if (rows.length === 0)
    return { ok: false, where: [{ path: 'file', message: 'Không có dòng nào. · No rows.' }] };
  return { ok: true, rows };
}

export async function previewImport(
  parts: AdminParts,
  input: { kind: ImportKind; rows: readonly ImportRow[] },
): Promise<ImportAnswer> {
  return (await parts.storage.directory.planImport(input)).answer;
}

export async function applyImport(
  parts: AdminParts,
  input: { kind: ImportKind; rows: readonly ImportRow[]; actor: string },
): Promise<ImportAnswer> {
  const { kind, rows, actor } = input;
  const { directory } = parts.storage;
  const plan = await directory.planImport({ kind, rows });
  if (plan.answer.errors > 0) return plan.answer;
  const secrets: (string | null)[] = rows.map(() => null);
  for (const change of plan.changes) {
    if (change.kind === 'officers' && change.pin !== null)
      secrets[change.row] = await parts.hasher.hash(change.pin);
    if (change.kind === 'cameras' && change.password !== null)
      secrets[change.row] = parts.sealer.seal(change.password);
  }
  const at = parts.clock.now();
  const applied = await directory.applyImport({
    kind,
    rows,
    newIds: rows.map(() => parts.secrets.id()),
    secrets,
    at,
    audit: { at, actor, action: 'import.applied', object: `list:${kind}`, reason: null },
  });
  if (applied.answer.applied && parts.told) {
    if (kind === 'cameras') await tellCameras(parts);
    else await parts.told.core.directoryChanged();
    if (kind === 'officers')
      for (const change of applied.changes)
        if (change.id !== null) await parts.told.core.officerChanged(change.id as OfficerId);
  }
  return applied.answer;
}

/** Removes the demo office. Refuses while it holds the only administrator. */
export async function removeDemo(parts: AdminParts, input: { actor: string }): Promise<void> {
  const at = parts.clock.now();
  const { result, ended } = await parts.storage.directory.removeDemo({
    at,
    audit: { at, actor: input.actor, action: 'demo.removed', object: 'demo', reason: null },
  });
  if (result === 'last-admin') throw new CodedError('access.last_admin');
  if (!parts.told) return;
  parts.told.sessionsEnded(ended);
  for (const device of await parts.told.core.devices())
    if (device.revokedAt !== null) await parts.told.core.revokeDevice(device.deviceId);
  await tellCameras(parts);
}
