/**
 * Purpose: `fsck` of a hub: do rows, chains, signatures, log and files still agree, with each other and with what was
 *   witnessed outside? Works beside a running hub, out of one snapshot, with constant memory.
 * Refuses: to change anything, and to stop at damage: what cannot be read is a finding, and the next part is looked at.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubIdentity } from '../../application/ports/identity.ts';
import type { Progress } from '../../application/ports/progress.ts';
import { DirectoryFold } from '../../domain/audit/directory-fold.ts';
import { Verdict } from '../../domain/verify/finding.ts';
import { hubPublicKeyOf } from '../keys.ts';
import { identityOf } from '../sqlite/online-copy.ts';
import { databaseFile } from '../sqlite/open-database.ts';
import { checkChains } from '../sqlite/verify-chains.ts';
import { checkDeletions, DeletionRows } from '../sqlite/verify-deletions.ts';
import { checkDevices, type LogFacts, logFacts } from '../sqlite/verify-devices.ts';
import { checkDirectory } from '../sqlite/verify-directory.ts';
import { guarded } from '../sqlite/verify-guard.ts';
import { checkHeldLog, type LogLine, logLine } from '../sqlite/verify-log.ts';
import { checkProjections } from '../sqlite/verify-projections.ts';
import { integrityLines, openSnapshot, type Snapshot } from '../sqlite/verify-reader.ts';
import { checkSchema } from '../sqlite/verify-schema.ts';
import { checkAgainstBackup } from './against-backup.ts';
import { checkAgainstWitness } from './against-witness.ts';
import { checkFootage, footageRoot } from './check-footage.ts';
import { checkIndex } from './check-index.ts';
import { checkOrphans } from './check-orphans.ts';
import { checkPackages, RemovalRows } from './check-packages.ts';
import { tornFiles } from './torn-files.ts';

export interface VerifyRequest {
  readonly dataDir: string;
  /** Read and hash footage files too; otherwise they are only looked for. */
  readonly files: boolean;
  readonly backups: readonly string[];
  readonly witnesses: readonly string[];
  readonly progress: Progress;
}
export interface Verified {
  readonly verdict: Verdict;
  readonly events: number;
}

export function verifyData(request: VerifyRequest): Verified {
  const verdict = new Verdict();
  let events = 0;
  let snapshot: Snapshot | null = null;
  guarded(verdict, { file: databaseFile(request.dataDir) }, () => {
    snapshot = openSnapshot(databaseFile(request.dataDir));
  });
  if (snapshot !== null)
    try {
      events = verifySnapshot(snapshot, request, verdict);
    } finally {
      (snapshot as Snapshot).close();
    }
  return { verdict, events };
}

function verifySnapshot(snapshot: Snapshot, request: VerifyRequest, verdict: Verdict): number {
  const { dataDir, progress } = request;
  let events = 0;
  guarded(verdict, { table: 'sqlite_schema' }, () => checkSchema(snapshot, verdict));
  progress.begin({ vi: 'Kiểm tra trang và chỉ mục', en: 'Checking pages and indexes' }, null, 'count');
  guarded(verdict, { file: databaseFile(dataDir) }, () => {
    for (const line of integrityLines(snapshot))
      verdict.find('database.inconsistent', { file: databaseFile(dataDir) }, line);
  });
  progress.end();
  const identity = heldIdentity(snapshot, dataDir, verdict);
  const facts: LogFacts = logFacts();
  const directory = new DirectoryFold();
  const deletions = new DeletionRows();
  const removals = new RemovalRows();
  guarded(verdict, { table: 'audit_log' }, () =>
    checkHeldLog(
      snapshot,
      identity,
      (leaf) => {
        facts.hear(leaf);
        directory.hear(leaf);
        deletions.hear(leaf);
        removals.hear(leaf);
      },
      verdict,
      progress,
    ),
  );
  checkDirectory(snapshot, directory, verdict);
  guarded(verdict, { table: 'device' }, () => checkDevices(snapshot, identity, facts, verdict));
  const line = careful(logLine(snapshot, identity));
  guarded(verdict, { table: 'event' }, () => {
    events = checkChains(snapshot, { hubKey: identity.hubKey, onLine: line.onLine }, verdict, progress);
  });
  guarded(verdict, { table: 'event' }, () => countAside(snapshot, verdict));
  guarded(verdict, { table: 'service_transaction' }, () =>
    checkProjections(databaseFile(dataDir), verdict, progress),
  );
  guarded(verdict, { table: 'segment' }, () => checkDeletions(snapshot, deletions, verdict));
  guarded(verdict, { table: 'segment' }, () => checkFootage(snapshot, request, verdict));
  guarded(verdict, { file: footageRoot(dataDir) }, () =>
    checkOrphans(snapshot, footageRoot(dataDir), tornFiles(snapshot, dataDir), verdict),
  );
  guarded(verdict, { table: 'evidence_package' }, () => checkPackages(snapshot, request, removals, verdict));
  guarded(verdict, { file: footageRoot(dataDir) }, () => checkIndex(snapshot, dataDir, verdict));
  for (const file of request.witnesses)
    guarded(verdict, { file }, () =>
      checkAgainstWitness(snapshot, file, identity.hubKey, line, verdict, progress),
    );
  for (const folder of request.backups)
    guarded(verdict, { file: folder }, () =>
      checkAgainstBackup(snapshot, folder, identity.hubKey, line, verdict, progress),
    );
  if (request.witnesses.length === 0) verdict.cannotProve('witness.none');
  if (line.witnessed < line.size)
    verdict.cannotProve('log.unwitnessed', { leaf: line.witnessed + 1, to: line.size });
  verdict.cannotProve('rows.unchained');
  return events;
}

/** A node or row of the log that cannot be read proves nothing: it is not on the line. */
function careful(line: LogLine): LogLine {
  return {
    onLine(checkpoint) {
      try {
        return line.onLine(checkpoint);
      } catch {
        return false;
      }
    },
    get witnessed() {
      return line.witnessed;
    },
    size: line.size,
  };
}

/** The key at hand decides, not what a row says about it. */
function heldIdentity(snapshot: Snapshot, dataDir: string, verdict: Verdict): HubIdentity {
  const place = { table: 'meta', key: 'identity' };
  let identity: HubIdentity | null = null;
  guarded(verdict, place, () => {
    identity = identityOf(snapshot);
  });
  const file = join(dataDir, 'keys', 'hub.key');
  const known = identity as HubIdentity | null;
  let key = known?.hubKey ?? '';
  guarded(verdict, { file }, () => {
    if (existsSync(file)) key = hubPublicKeyOf(readFileSync(file, 'utf8'));
  });
  if (known === null || known.hubKey !== key) verdict.find('identity.key', place);
  return { lineage: '', recoveryKey: '', ...known, hubKey: key };
}

function countAside(snapshot: Snapshot, verdict: Verdict): void {
  for (const row of snapshot.all<{ status: string; n: number }>(
    "SELECT status, count(*) AS n FROM event WHERE status <> 'stored' GROUP BY status",
  ))
    verdict.cannotProve('event.aside', { key: row.status }, `${row.n}`);
}
