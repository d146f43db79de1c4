/**
 * Purpose: the audit log of a snapshot as the checks read it, and whether a checkpoint somebody holds lies on its line.
 * Refuses: to hold more than the origins, of which there is one a restore.
 * Document: hub-server/DESIGN.md, "Verify", "Audit log and witnesses".
 */
import { fromHex, toHex } from '@hailong/shared/edge/event.ts';
import { type Checkpoint, readSuccession } from '@hailong/shared/log/advance.ts';
import { type LogHead, logOrigin, openCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import { rootAt } from '@hailong/shared/log/merkle.ts';
import type { HubIdentity } from '../../application/ports/identity.ts';
import type { Progress } from '../../application/ports/progress.ts';
import type { LoggedHead, MappingLeaf, SegmentLeaf } from '../../domain/audit/log-leaf.ts';
import { mappingLeafText, segmentLeafText } from '../../domain/audit/log-leaf.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import {
  checkLog,
  type HeldCheckpoint,
  type HeldLeaf,
  type HeldOrigin,
} from '../../domain/verify/log-check.ts';
import { deviceIdOf, verifySignature } from '../keys.ts';
import { sha256 } from '../sha256.ts';
import { MAPPING_LEAVES, rootsByCamera, SEGMENT_LEAVES } from './stores/log/log-leaves.ts';
import { checkpointOf, currentOrigin, type OriginRow, readerOf } from './stores/log/log-tree.ts';
import type { Snapshot } from './verify-reader.ts';

/** Answers about checkpoints that are kept; devices show the same ones again and again. */
const ANSWERS_MAX = 4_096;

export interface LogLine {
  onLine(checkpoint: LogHead): boolean | null;
  /** The largest size of the present log that was asked about and lies on it. */
  readonly witnessed: number;
  readonly size: number;
}

const rowsOf = (snapshot: Snapshot): OriginRow[] => [
  ...snapshot.all<OriginRow>('SELECT * FROM log_origin ORDER BY id'),
];

export function checkHeldLog(
  snapshot: Snapshot,
  identity: HubIdentity,
  /** Each row's act, for what other checks want to know of the log. */
  heard: (leaf: HeldLeaf) => void,
  verdict: Verdict,
  progress: Progress,
): void {
  const total = snapshot.get<{ n: number | null }>('SELECT max(seq) AS n FROM audit_log')?.n ?? 0;
  progress.begin({ vi: 'Kiểm tra nhật ký', en: 'Checking the log' }, total, 'count');
  let done = 0;
  /** How far the rows seen so far have committed to each chain. */
  const logged = new Map<string, number>();
  const origins = rowsOf(snapshot).map((row) => originOf(row, identity));
  const leaves = snapshot.all<HeldLeaf>(
    'SELECT seq, at, actor, action, object, reason, body, leaf_hash AS leafHash FROM audit_log ORDER BY seq',
  );
  const checkpoints = snapshot.all<HeldCheckpoint>(
    'SELECT origin_id AS originId, size, root, text FROM log_checkpoint ORDER BY origin_id, size',
  );
  const watched = (function* () {
    for (const leaf of leaves) {
      heard(leaf);
      yield leaf;
    }
  })();
  checkLog(
    origins,
    watched,
    checkpoints,
    {
      sha256,
      open: (text) => openCheckpoint(text, identity.hubKey, verifySignature, sha256),
      node: (originId, level, index) =>
        snapshot.get<{ hash: Uint8Array }>(
          'SELECT hash FROM log_node WHERE origin_id = ? AND level = ? AND idx = ?',
          ...[originId, level, index],
        )?.hash ?? null,
      holdsHead(head) {
        logged.set(`${head[0]} ${head[1]}`, head[2]);
        return holdsHead(snapshot, head);
      },
      footageRoots: (seq) => ({
        segments: rootsByCamera(
          snapshot.all<SegmentLeaf & { camera: string }>(SEGMENT_LEAVES, seq),
          segmentLeafText,
        ),
        mappings: rootsByCamera(
          snapshot.all<MappingLeaf & { camera: string }>(MAPPING_LEAVES, seq),
          mappingLeafText,
        ),
      }),
      progress(rows) {
        done += rows;
        progress.at(done);
      },
    },
    verdict,
  );
  const hub = deviceIdOf(Buffer.from(identity.hubKey, 'base64url'));
  for (const { origin, lineage, firstSeq } of origins)
    if (origin !== logOrigin(hub, lineage)) verdict.find('log.succession', { leaf: firstSeq }, origin);
  checkMarks(snapshot, logged, verdict);
  progress.end();
}

/** What says that the log committed to it must have been said by a row of the log: else it never would be. */
function checkMarks(snapshot: Snapshot, logged: ReadonlyMap<string, number>, verdict: Verdict): void {
  for (const { device, epoch, seq } of snapshot.all<{ device: string; epoch: string; seq: number }>(
    'SELECT device, epoch, logged_seq AS seq FROM device_epoch ORDER BY id',
  ))
    if (seq !== (logged.get(`${device} ${epoch}`) ?? 0))
      verdict.find('log.contradicts', { device, epoch, seq }, 'logged_seq');
  for (const table of ['segment', 'run_mapping'] as const)
    for (const { key, seq } of snapshot.all<{ key: string; seq: number }>(
      `SELECT DISTINCT ${table === 'segment' ? 'id' : 'run'} AS key, logged_in AS seq FROM ${table} WHERE logged_in IS NOT NULL
         AND logged_in NOT IN (SELECT seq FROM audit_log WHERE action = 'log.heads')`,
    ))
      verdict.find('log.contradicts', { leaf: seq, table, key }, 'logged_in');
}

function originOf(row: OriginRow, identity: HubIdentity): HeldOrigin {
  const statement =
    row.statement !== null && row.statement_sig !== null
      ? { bytes: row.statement, sig: row.statement_sig }
      : null;
  return {
    ...{ id: row.id, origin: row.origin, lineage: row.lineage, firstSeq: row.first_seq, size: row.size },
    from:
      row.from_origin === null || row.from_root === null
        ? null
        : { origin: row.from_origin, size: row.from_size ?? 0, root: toHex(row.from_root) },
    succession: statement && readSuccession(statement, identity.recoveryKey, verifySignature),
    stated: row.statement !== null || row.statement_sig !== null,
  };
}

/** On the chain itself; a head that is now on a branch was the chain when it was committed to. */
export function holdsHead(snapshot: Snapshot, [device, epoch, seq, hash]: LoggedHead): boolean {
  return (
    snapshot.get(
      `SELECT 1 FROM device_epoch e JOIN event v ON v.epoch_id = e.id AND v.seq = ? AND v.branch = 0
       WHERE e.device = ? AND e.epoch = ? AND v.hash = ?`,
      ...[seq, device, epoch, fromHex(hash)],
    ) !== undefined
  );
}

/** Roots at earlier sizes come from stored nodes, which `checkHeldLog` compares with the rows. */
export function logLine(snapshot: Snapshot, identity: HubIdentity): LogLine {
  const rows = rowsOf(snapshot);
  const answers = new Map<string, boolean | null>();
  const current = rows.at(-1);
  let witnessed = 0;
  function judge(checkpoint: LogHead): boolean | null {
    const at = rows.findIndex(({ origin }) => origin === checkpoint.origin);
    const row = rows[at];
    if (!row) return false;
    if (checkpoint.size <= row.size)
      return toHex(rootAt(sha256, readerOf(snapshot.db, row), checkpoint.size)) === checkpoint.root;
    const follower = rows[at + 1];
    return follower && originOf(follower, identity).succession ? null : false;
  }
  return {
    onLine(checkpoint) {
      const key = `${checkpoint.origin} ${checkpoint.size} ${checkpoint.root}`;
      let answer = answers.get(key);
      if (answer === undefined) {
        answer = judge(checkpoint);
        if (answers.size >= ANSWERS_MAX) answers.clear();
        answers.set(key, answer);
      }
      if (answer === true && checkpoint.origin === current?.origin)
        witnessed = Math.max(witnessed, checkpoint.size);
      return answer;
    },
    get witnessed() {
      return witnessed;
    },
    size: current?.size ?? 0,
  };
}

/** The newest one that was signed. */
export function newestCheckpoint(snapshot: Snapshot): Checkpoint | null {
  const origin = currentOrigin(snapshot.db);
  return origin && checkpointOf(snapshot.db, origin);
}
