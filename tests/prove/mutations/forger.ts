/*
 * Purpose: the strongest change somebody with root on the hub can make: history is rewritten and everything the hub could
 * ever compute is computed again with the hub's own key: hashes, heads, log rows, leaves, tree nodes, checkpoints,
 * projections. What he cannot make, signatures of devices, he removes where it would not fit. Tests only.
 */
import { chainHash, genesisHash, readEvent, toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';
import { readCheckpoint, signCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import { leafHash, rootAt } from '@hailong/shared/log/merkle.ts';
import type Database from 'better-sqlite3';
import type { HubKeys } from '../../../hub-server/src/adapters/keys.ts';
import { sha256 } from '../../../hub-server/src/adapters/sha256.ts';
import { inboxStore } from '../../../hub-server/src/adapters/sqlite/stores/inbox/inbox-store.ts';
import {
  currentOrigin,
  extendTree,
  readerOf,
} from '../../../hub-server/src/adapters/sqlite/stores/log/log-tree.ts';
import type { HeadsBody, LoggedHead } from '../../../hub-server/src/domain/audit/log-leaf.ts';
import { type HeldLeaf, storedLeafText } from '../../../hub-server/src/domain/verify/log-check.ts';
import type { Random } from './random.ts';
import { type Kind, withoutTriggers } from './raw.ts';

type Db = Database.Database;

interface ForgedEvent {
  at: number;
  readonly body: Record<string, unknown>;
  readonly [name: string]: unknown;
}
interface ForgedChain {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly events: ForgedEvent[];
  readonly ids: number[];
}

function readChains(db: Db): ForgedChain[] {
  const epochs = db.prepare('SELECT id, device, epoch FROM device_epoch ORDER BY id').all() as {
    id: number;
    device: string;
    epoch: string;
  }[];
  return epochs.map((row) => {
    const rows = db
      .prepare('SELECT id, bytes FROM event WHERE epoch_id = ? AND branch = 0 ORDER BY seq')
      .all(row.id) as { id: number; bytes: Buffer }[];
    return {
      ...row,
      events: rows.map(({ bytes }) => JSON.parse(bytes.toString('utf8')) as ForgedEvent),
      ids: rows.map(({ id }) => id),
    };
  });
}

const typeOf = (event: ForgedEvent): string => String(event.body['type']);
const placesOf = (chain: ForgedChain, types: readonly string[]): number[] =>
  chain.events.flatMap((event, at) => (types.includes(typeOf(event)) ? [at] : []));

/** What he wants to be true. The first event of an epoch stays: it names the epoch. */
const WANTED: Readonly<
  Record<Kind, (chain: ForgedChain, chains: readonly ForgedChain[], random: Random) => void>
> = {
  edit(chain, _chains, random) {
    const event = chain.events[random.pick(placesOf(chain, ['rating.voted']))]!;
    event.body['level'] = event.body['level'] === 5 ? 1 : 5;
  },
  delete(chain, _chains, random) {
    const [from, count] = [1 + random.below(chain.events.length - 2), 1 + random.below(6)];
    chain.events.splice(from, count);
  },
  insert(chain, _chains, random) {
    const at = 1 + random.below(chain.events.length - 1);
    const copy = JSON.parse(JSON.stringify(random.pick(chain.events.slice(1)))) as ForgedEvent;
    for (const name of ['vote', 'rating', 'transaction', 'duty'])
      if (typeof copy.body[name] === 'string')
        copy.body[name] = `00000000-0000-4000-8000-${String(random.below(1e9)).padStart(12, '0')}`;
    chain.events.splice(at, 0, copy);
  },
  reorder(chain, _chains, random) {
    const at = 1 + random.below(chain.events.length - 2);
    const [event] = chain.events.splice(at, 1);
    const to = 1 + ((at - 1 + 1 + random.below(chain.events.length - 1)) % chain.events.length);
    chain.events.splice(to === at ? at + 1 : to, 0, event!);
  },
  move(chain, chains, random) {
    const service = random.pick(placesOf(chain, ['transaction.opened']));
    const { transaction } = chain.events[service]!.body;
    const mine = chain.events.filter((event) => event.body['transaction'] === transaction);
    if (random.below(2) === 0) for (const event of mine) event.at -= 40 * 86_400_000;
    else {
      const others = chains.filter(({ device }) => device !== chain.device);
      const from = random.pick(others).events.find((event) => typeOf(event) === 'transaction.opened');
      for (const event of mine)
        for (const name of ['officer', 'officerCode', 'unit', 'duty'])
          if (name in event.body) event.body[name] = from?.body[name];
      if (mine.every((event) => event.body['officer'] === undefined)) throw new Error('nothing moved');
    }
  },
  truncate(chain, _chains, random) {
    chain.events.splice(chain.events.length - 1 - random.below(Math.min(6, chain.events.length - 2)));
  },
};

/** Rewrites the data; answers what was rewritten. */
export function forge(db: Db, keys: HubKeys, kind: Kind, random: Random): { device: string; what: string } {
  const chains = readChains(db);
  const chain = random.pick(chains);
  const before = JSON.stringify(chain.events);
  WANTED[kind](chain, chains, random);
  if (JSON.stringify(chain.events) === before) throw new Error(`${kind} changed nothing`);
  db.exec('BEGIN');
  withoutTriggers(db, () => {
    rewriteFrom(db, chain, chains);
    // Half of the truncations take the end of the log with them, as if that time had never been.
    if (kind === 'truncate' && random.below(2) === 0) cutLog(db, chains, random);
    growTree(db, keys);
    dropWhatCannotBeSigned(db);
    inboxStore.rebuild.run(db, undefined as never);
  });
  db.exec('COMMIT');
  return { device: chain.device, what: `${kind} in ${chain.epoch}` };
}

/** The chain, and every later one that says it went on from it: each names its parent's last hash. */
function rewriteFrom(db: Db, chain: ForgedChain, chains: readonly ForgedChain[]): void {
  const hashes = writeChain(db, chain);
  rewriteLog(db, chain, hashes);
  for (const later of chains) {
    const parent = later.events[0]?.body['parent'] as { epoch: string; seq: number; hash: string } | null;
    if (later.device !== chain.device || parent?.epoch !== chain.epoch) continue;
    [parent.seq, parent.hash] = [hashes.length, toHex(hashes.at(-1)!)];
    db.prepare('UPDATE device_epoch SET parent_seq = ?, parent_hash = ? WHERE id = ?').run(
      ...[hashes.length, hashes.at(-1)!, later.id],
    );
    rewriteFrom(db, later, chains);
  }
}

/** Numbers inside the bytes, hashes, columns, head: as the hub would have written them. */
function writeChain(db: Db, chain: ForgedChain): Uint8Array[] {
  let next = (db.prepare('SELECT max(id) FROM event').pluck().get() as number) + 1;
  db.prepare('DELETE FROM event WHERE epoch_id = ?').run(chain.id);
  let prev: Uint8Array = genesisHash(sha256, chain.device as DeviceId, chain.epoch as EpochId);
  const insert = db.prepare(
    `INSERT INTO event (id, epoch_id, seq, branch, hash, prev_hash, bytes, type, at, status, received_at)
     VALUES (?,?,?,0,?,?,?,?,?,?,?)`,
  );
  const hashes: Uint8Array[] = [];
  chain.events.forEach((event, index) => {
    const bytes = Buffer.from(JSON.stringify({ ...event, seq: index + 1 }), 'utf8');
    const hash = chainHash(sha256, prev, bytes);
    const read = readEvent(bytes);
    insert.run(
      ...[chain.ids[index] ?? next++, chain.id, index + 1, hash, prev, bytes],
      ...[read.ok ? read.event.body.type : null, read.ok ? read.event.at : null],
      ...[read.ok ? 'stored' : 'quarantined', event.at],
    );
    hashes.push(hash);
    prev = hash;
  });
  db.prepare(
    'UPDATE device_epoch SET head_seq = ?, head_hash = ?, logged_seq = min(logged_seq, ?) WHERE id = ?',
  ).run(hashes.length, prev, hashes.length, chain.id);
  return hashes;
}

/** The log's rows commit to the new chain, as if they had always done. */
function rewriteLog(db: Db, chain: ForgedChain, hashes: readonly Uint8Array[]): void {
  const rows = db
    .prepare(
      "SELECT seq, at, actor, action, object, reason, body FROM audit_log WHERE action = 'log.heads' ORDER BY seq",
    )
    .all() as HeldLeaf[];
  for (const row of rows) {
    const body = JSON.parse(row.body ?? '') as HeadsBody;
    const heads = body.heads.map((head): LoggedHead => {
      const [device, epoch, seq] = head;
      if (epoch !== chain.epoch) return head;
      const at = Math.min(seq, hashes.length);
      return [device, epoch, at, toHex(hashes[at - 1]!)];
    });
    const leaf: HeldLeaf = { ...row, body: JSON.stringify({ ...body, heads }) };
    writeLeaf(db, leaf);
  }
}

function writeLeaf(db: Db, leaf: HeldLeaf): void {
  db.prepare('UPDATE audit_log SET body = ?, leaf_hash = ? WHERE seq = ?').run(
    ...[leaf.body, leafHash(sha256, Buffer.from(storedLeafText(leaf), 'utf8')), leaf.seq],
  );
}

/** The log ends at an older checkpoint, and every chain where that log had seen it. */
function cutLog(db: Db, chains: readonly ForgedChain[], random: Random): void {
  const sizes = db.prepare('SELECT size FROM log_checkpoint ORDER BY size').pluck().all() as number[];
  const size = random.pick(sizes.slice(Math.floor(sizes.length / 2), -1));
  db.prepare('DELETE FROM audit_log WHERE seq > ?').run(size);
  db.prepare('DELETE FROM log_checkpoint WHERE size > ?').run(size);
  const seen = new Map<string, number>();
  for (const body of db
    .prepare("SELECT body FROM audit_log WHERE action = 'log.heads'")
    .pluck()
    .all() as string[])
    for (const [, epoch, seq] of (JSON.parse(body) as HeadsBody).heads) seen.set(epoch, seq);
  for (const { id, epoch } of chains) {
    const head = seen.get(epoch) ?? 0;
    db.prepare('DELETE FROM event WHERE epoch_id = ? AND seq > ?').run(id, head);
    if (head === 0) db.prepare('DELETE FROM device_epoch WHERE id = ?').run(id);
    else
      db.prepare(
        `UPDATE device_epoch SET head_seq = ?, logged_seq = ?,
           head_hash = (SELECT hash FROM event WHERE epoch_id = device_epoch.id AND seq = ?) WHERE id = ?`,
      ).run(head, head, head, id);
  }
  db.exec('DELETE FROM signed_head WHERE epoch_id NOT IN (SELECT id FROM device_epoch)');
}

/** Every node, and every checkpoint signed again by the hub's key at its old size and time. */
function growTree(db: Db, keys: HubKeys): void {
  db.exec('DELETE FROM log_node; UPDATE log_origin SET size = 0');
  const origin = extendTree(db, currentOrigin(db)!);
  const rows = db.prepare('SELECT size, text FROM log_checkpoint ORDER BY size').all() as {
    size: number;
    text: string;
  }[];
  for (const { size, text } of rows) {
    const read = readCheckpoint(text);
    if (!read.ok) throw new Error('checkpoint');
    const root = rootAt(sha256, readerOf(db, origin), size);
    const signed = signCheckpoint({ ...read.body, root: toHex(root) }, keys, sha256);
    db.prepare('UPDATE log_checkpoint SET root = ?, text = ? WHERE size = ?').run(root, signed, size);
  }
  db.exec('UPDATE device SET checkpoint = NULL');
}

/** Devices' signatures over what is no more, and over checkpoints that are no more. */
function dropWhatCannotBeSigned(db: Db): void {
  db.exec(
    `DELETE FROM signed_head WHERE NOT EXISTS
       (SELECT 1 FROM event e WHERE e.epoch_id = signed_head.epoch_id AND e.seq = signed_head.seq AND e.hash = signed_head.hash)`,
  );
  const kept = new Set(
    (db.prepare('SELECT size, root FROM log_checkpoint').all() as { size: number; root: Buffer }[]).map(
      ({ size, root }) => `${size} ${root.toString('hex')}`,
    ),
  );
  const heads = db
    .prepare('SELECT epoch_id, seq, hash, checkpoint FROM signed_head WHERE checkpoint IS NOT NULL')
    .all() as { epoch_id: number; seq: number; hash: Buffer; checkpoint: string }[];
  for (const { epoch_id, seq, hash, checkpoint } of heads) {
    const { size, root } = JSON.parse(checkpoint) as { size: number; root: string };
    if (!kept.has(`${size} ${root}`))
      db.prepare('DELETE FROM signed_head WHERE epoch_id = ? AND seq = ? AND hash = ?').run(
        epoch_id,
        seq,
        hash,
      );
  }
}
