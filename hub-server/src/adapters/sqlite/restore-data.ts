/**
 * Purpose: what a restore changes in the data it put back, in one transaction: another lineage and log, which the recovery
 *   key and two people state; logins and codes of the lost days are void; who did it is a row; the hub is recovering.
 * Refuses: nothing; keys, people and folder were judged before. Rows that were not in the tree yet enter the old log, so
 *   that the statement names it exactly as every copy of it will have it.
 * Document: hub-server/DESIGN.md, "Restore".
 */
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import type { SignedStatement } from '@hailong/shared/protocol/edge.ts';
import { type Db, run } from './op.ts';
import { openWriter } from './open-database.ts';
import { recoveryStore } from './stores/inbox/recovery-store.ts';
import { appendAudit } from './stores/log/audit.ts';
import { ensureOrigin, startOrigin } from './stores/log/log-origin.ts';
import { extendTree, headOf } from './stores/log/log-tree.ts';

export interface RestoredData {
  readonly lineage: string;
  readonly by: readonly [string, string];
  readonly at: number;
  readonly backup: { readonly name: string; readonly at: number; readonly manifest: string };
  /** The recovery key's word that the log goes on from here. */
  state(from: LogHead): SignedStatement;
}

/** Answers the log's new origin. */
export function restoreData(dataDir: string, restored: RestoredData): string {
  const db = openWriter(dataDir);
  try {
    db.exec('BEGIN IMMEDIATE');
    const origin = change(db, restored);
    db.exec('COMMIT');
    // One file again: the folder is complete before it gets its name.
    db.pragma('wal_checkpoint(TRUNCATE)');
    return origin;
  } finally {
    db.close();
  }
}

function change(db: Db, { lineage, by, at, backup, state }: RestoredData): string {
  const before = ensureOrigin(db, at);
  if (!before) throw new Error('the backup has no identity');
  const from = headOf(db, extendTree(db, before));
  const reason = `restore ${backup.name}`;
  const origin = startOrigin(db, { lineage, by, reason, statement: state(from), at });
  appendAudit(db, {
    ...{ at, actor: by.join(', '), action: 'data.restored', object: `backup:${backup.name}`, reason: null },
    body: { backup, from, by },
  });
  // What ended or was used up after the backup must not live again; cookies and codes are made anew.
  run(db, 'UPDATE session SET ended_at = ? WHERE ended_at IS NULL', at);
  run(db, 'UPDATE enrol_code SET used_at = ? WHERE used_at IS NULL', at);
  recoveryStore.restored.run(db, { at });
  return origin;
}
