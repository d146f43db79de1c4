/**
 * Purpose: written evidence packages against their rows and the log: a kept one lies there as it was written (with --files byte for
 *   byte of its signed list), a removed one is gone and the log says by which rule, and nothing else lies there.
 * Refuses: to accuse what a running hub wrote or removed since the snapshot, or in the two minutes before it. `hailong-hub evidence repair`
 *   mends them.
 * Document: hub-server/DESIGN.md, "Packages on the disk".
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST, SUMS } from '@hailong/shared/evidence/package-files.ts';
import { readSums } from '@hailong/shared/evidence/sums.ts';
import { basenameOf, kindOf } from '../../domain/evidence/package-name.ts';
import type { PackageRule } from '../../domain/evidence/package-retention.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import { readBlocks } from '../backup/hashed-files.ts';
import { GONE } from '../evidence/package-folders.ts';
import type { Snapshot } from '../sqlite/verify-reader.ts';
import { asTheyAreNow } from './as-they-are-now.ts';

const QUIET_MS = 120_000;
const READ_BYTES = 1_048_576;
const HEARD: ReadonlySet<string> = new Set(['evidence.removal', 'evidence.removed', 'evidence.rule']);

interface PackageRow {
  readonly id: string;
  readonly state: string;
  readonly folder: string | null;
  readonly packageHash: string | null;
  readonly files: string | null;
  readonly removedAt: number | null;
  readonly removedReason: string | null;
  readonly goneAt: number | null;
}

const PACKAGES = `SELECT id, state, folder, package_hash AS packageHash, files, removed_at AS removedAt,
  removed_reason AS removedReason, gone_at AS goneAt FROM evidence_package`;

/** As a new hub has it. */
const FIRST_RULE: PackageRule = { fetchedDays: 30, closedDays: 90 };

/** What the log says of removals, as its rows are read. */
export class RemovalRows {
  /** Package → why; the last word counts. */
  readonly ordered = new Map<string, string>();
  readonly gone = new Set<string>();
  /** As an administrator set it last. */
  rule = FIRST_RULE;
  hear({ action, body }: { readonly action: string; readonly body: string | null }): void {
    if (!HEARD.has(action)) return;
    const said = JSON.parse(body ?? '{}') as { package?: string; why?: string };
    if (action === 'evidence.rule') this.rule = said as unknown as PackageRule;
    else if (action === 'evidence.removal') this.ordered.set(said.package ?? '', said.why ?? '');
    else this.gone.add(said.package ?? '');
  }
}

export function checkPackages(
  snapshot: Snapshot,
  request: { readonly dataDir: string; readonly files: boolean },
  removals: RemovalRows,
  verdict: Verdict,
): void {
  const root = join(request.dataDir, 'evidence');
  const rows = [...snapshot.all<PackageRow>(`${PACKAGES} ORDER BY id`)];
  for (const row of rows) {
    const { id, removedAt, removedReason, goneAt } = row;
    const said = removals.ordered.get(id) ?? null;
    if ((removedAt === null ? null : removedReason) !== said || (goneAt !== null) !== removals.gone.has(id))
      verdict.find('log.contradicts', { table: 'evidence_package', key: id }, 'removed');
    if (row.state === 'ready' && removedAt === null) checkKept(root, row, request, verdict);
  }
  const rule = snapshot.get<PackageRule>(
    'SELECT fetched_days AS fetchedDays, closed_days AS closedDays FROM package_rule',
  );
  if (rule?.fetchedDays !== removals.rule.fetchedDays || rule.closedDays !== removals.rule.closedDays)
    verdict.find('log.contradicts', { table: 'package_rule' });
  checkStrangers(root, snapshot, request.dataDir, verdict);
}

/** What is wrong with its folder counts only while the package is still kept: it may have been removed under this look. */
function checkKept(
  root: string,
  row: PackageRow,
  request: { readonly dataDir: string; readonly files: boolean },
  verdict: Verdict,
): void {
  const faults: Parameters<Verdict['find']>[] = [];
  let stumbled: unknown = null;
  try {
    checkFolder(root, row, request.files, (...fault) => void faults.push(fault));
  } catch (error) {
    stumbled = error;
  }
  if (faults.length === 0 && stumbled === null) return;
  const now = asTheyAreNow(request.dataDir, (rows) =>
    rows.get<PackageRow>(`${PACKAGES} WHERE id = ?`, row.id),
  );
  if (now !== undefined && now.removedAt !== null) return;
  for (const fault of faults) verdict.find(...fault);
  if (stumbled !== null) throw stumbled;
}

function checkFolder(root: string, row: PackageRow, files: boolean, find: Verdict['find']): void {
  const folder = join(root, basenameOf(row.folder ?? ''));
  if (row.folder === null || !lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    find('evidence.missing', { file: folder, key: row.id });
    return;
  }
  const altered = (path: string): void => find('evidence.altered', { file: join(folder, path), key: row.id });
  for (const { path, bytes } of JSON.parse(row.files ?? '[]') as { path: string; bytes: number }[]) {
    const held = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (!held?.isFile() || held.size !== bytes) altered(path);
    else if (path === MANIFEST && hashOf(join(folder, path)) !== row.packageHash) altered(path);
  }
  if (!files) return;
  const sums = join(folder, SUMS);
  if (!lstatSync(sums, { throwIfNoEntry: false })?.isFile()) return;
  for (const [path, sha256] of readSums(readFileSync(sums, 'utf8')) ?? []) {
    const file = join(folder, path);
    if (
      lstatSync(file, { throwIfNoEntry: false })?.isFile() &&
      readBlocks(file, READ_BYTES, () => undefined).sha256 !== sha256
    )
      altered(path);
  }
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Names first, then the rows of that moment: what was written or removed since the snapshot is in them. */
function checkStrangers(root: string, snapshot: Snapshot, dataDir: string, verdict: Verdict): void {
  if (!lstatSync(root, { throwIfNoEntry: false })?.isDirectory()) return;
  const names = readdirSync(root).sort();
  // Without their lists of files, which are long.
  const rows = asTheyAreNow(dataDir, (now) => [
    ...now.all<Pick<PackageRow, 'id' | 'state' | 'folder' | 'removedAt'>>(
      'SELECT id, state, folder, removed_at AS removedAt FROM evidence_package',
    ),
  ]);
  const before = snapshot.openedAt - QUIET_MS;
  const known = new Set<string>();
  const waiting: string[] = [];
  for (const { id, state, folder, removedAt } of rows)
    if (state === 'waiting') waiting.push(id);
    else if (folder !== null && removedAt === null) known.add(basenameOf(folder));
    else if (folder !== null && removedAt !== null && removedAt >= before)
      for (const name of [basenameOf(folder), `${basenameOf(folder)}${GONE}`]) known.add(name);
  for (const name of names) {
    const isWritten = kindOf(name) === 'part' && waiting.some((id) => name.includes(id));
    if (known.has(name) || isWritten) continue;
    const since = lstatSync(join(root, name), { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && since < before) verdict.find('evidence.orphan', { file: join(root, name) });
  }
}
