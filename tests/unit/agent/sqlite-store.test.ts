/* The agent's store on real files: durable mode, one transaction a call, full disk, SIGKILL, a flipped bit. */
import { spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emptyFacts, foldEvent } from '@hailong/shared/counter/counter-fold.ts';
import { chainHash, fromHex, toHex } from '@hailong/shared/edge/event.ts';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../../kiosk-app/agent/adapters/sha256.ts';
import { lockData } from '../../../kiosk-app/agent/adapters/sqlite/data-lock.ts';
import { SCHEMA_VERSION } from '../../../kiosk-app/agent/adapters/sqlite/migrations.ts';
import {
  assertDurable,
  isAtLeast,
  openDatabase,
} from '../../../kiosk-app/agent/adapters/sqlite/open-database.ts';
import { openForReading, witnessSource } from '../../../kiosk-app/agent/adapters/sqlite/witness-source.ts';
import { finish, open, start } from '../../support/counter-kit.ts';
import { epochOf, StoredCounter, tempData } from './store-kit.ts';

let data: ReturnType<typeof tempData>;
beforeEach(() => {
  data = tempData();
});
afterEach(() => data.remove());

const intent = (counter: StoredCounter, one: ReturnType<typeof start>) =>
  counter.feed({ type: 'intent', intent: one, expiresInMs: 60_000 });
function prompted(run = 1): StoredCounter {
  const counter = new StoredCounter(data.file, run);
  for (const one of [start(1), open(run), finish(run)]) intent(counter, one);
  return counter;
}
const tap = (counter: StoredCounter, press: string = crypto.randomUUID()) => {
  const { rating } = counter.store.state;
  const askTicket = rating?.asks.at(-1)?.askTicket ?? 0;
  return counter.feed({ type: 'tap', press, rating: rating!.rating, askTicket, level: 5 });
};

describe('a connection', () => {
  it('is WAL and FULL, in a private folder, and migrated', () => {
    const db = openDatabase(data.file);
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(statSync(data.file).mode & 0o077).toBe(0);
    expect(statSync(data.path).mode & 0o077).toBe(0);
    db.pragma('synchronous = NORMAL');
    expect(() => assertDurable(db)).toThrow('program.unsafe_storage');
    db.close();
  });

  it('refuses a newer schema and an SQLite that is too old', () => {
    openDatabase(data.file).close();
    const db = new Sqlite(data.file);
    db.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    expect(() => openDatabase(data.file)).toThrow('program.newer_data');
    expect(
      ['3.51.2', '3.40.1', '3.51.3', '3.52.0', '4.0.0'].map((each) => isAtLeast(each, [3, 51, 3])),
    ).toEqual([false, false, true, true, true]);
  });

  it('is one process only', () => {
    const lock = lockData(data.path);
    expect(() => lockData(data.path)).toThrow('program.data_locked');
    lock.release();
    lockData(data.path).release();
  });
});

describe('the store', () => {
  it('opens each run as a new epoch that names its parent, and takes up the state', () => {
    const first = prompted();
    tap(first);
    const state = first.store.state;
    const head = first.outbox.epochs().at(-1)!;
    first.db.close();
    const second = new StoredCounter(data.file, 2);
    expect(second.store.state).toEqual(state.rating ? { ...state, now: second.store.state.now } : state);
    const [started] = second.outbox.between(second.epoch, 0, 1);
    expect(started?.body).toMatchObject({
      type: 'agent.started',
      parent: { epoch: head.epoch, seq: head.head, hash: head.hash },
    });
    second.db.close();
  });

  it('names what the hub lacks, however many starts came after', () => {
    const old = prompted();
    tap(old);
    const { epoch, head } = old.outbox.epochs().at(-1)!;
    const addEpoch = old.db.prepare('INSERT INTO epoch (epoch, acknowledged) VALUES (?, 1)');
    const addEvent = old.db.prepare('INSERT INTO event VALUES (?, 1, ?, ?)');
    old.db.transaction(() => {
      for (let n = 2; n < 1_102; n++)
        addEvent.run(addEpoch.run(epochOf(n)).lastInsertRowid, Buffer.from('x'), Buffer.alloc(32));
    })();
    const named = old.outbox.epochs();
    expect(named).toHaveLength(1_000);
    expect(named[0]).toMatchObject({ epoch, head, acknowledged: 0 });
    expect(named.at(-1)?.epoch).toBe(epochOf(1_101));
    old.db.close();
  });

  it('hands out batches whose hashes chain, and stops at a flipped bit', () => {
    const counter = prompted();
    tap(counter);
    const read = counter.outbox.read(counter.epoch, 3, 100, 1_000_000)!;
    const last = read.events.reduce((hash, bytes) => chainHash(sha256, hash, bytes), fromHex(read.prevHash));
    expect(toHex(last)).toBe(read.head.hash);
    expect(counter.outbox.read(counter.epoch, 1, 2, 1_000_000)!.events).toHaveLength(2);
    expect(counter.outbox.read(counter.epoch, 1, 100, 1)!.events).toHaveLength(1);
    expect(counter.outbox.read(counter.epoch, 900, 1, 1_000)).toBeNull();
    counter.db.exec(
      "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'CB01', 'CB09') AS BLOB) WHERE seq = 5",
    );
    expect(counter.outbox.read(counter.epoch, 1, 100, 1_000_000)!.events).toHaveLength(4);
    expect(counter.outbox.read(counter.epoch, 5, 100, 1_000_000)).toBeNull();
    counter.db.close();
  });

  it('states a head that fails its hash, and up to where it can still send', () => {
    const counter = prompted();
    tap(counter);
    const { head } = counter.outbox.epochs()[0]!;
    expect(counter.outbox.epochs()).toMatchObject([{ head, last: head }]);
    const damage = (seq: number) =>
      counter.db.prepare("UPDATE event SET bytes = CAST('{}' AS BLOB) WHERE seq = ?").run(seq);
    damage(2);
    expect(counter.outbox.epochs()).toMatchObject([{ head, last: head }]);
    damage(head);
    damage(head - 1);
    expect(counter.outbox.epochs()).toMatchObject([{ head, last: head - 2 }]);
    counter.db.exec("UPDATE event SET bytes = x''");
    counter.db.prepare('UPDATE epoch SET floor = ?').run(head + 1);
    expect(counter.outbox.epochs()).toMatchObject([{ head, floor: head + 1, last: head }]);
    counter.db.close();
  });

  it('is read for a witness beside its writer, and from a copy where nothing may be written', () => {
    const counter = prompted();
    const { seq } = counter.outbox.headOf(counter.epoch)!;
    const expected = Array.from({ length: seq }, (_, i) => counter.outbox.hashAt(counter.epoch, i + 1));
    const read = () => {
      const source = openForReading(data.file);
      const witness = witnessSource(source.db);
      expect(witness.epochs()).toEqual([{ epoch: counter.epoch, head: seq }]);
      expect([...witness.hashes(counter.epoch, seq)]).toEqual(expected);
      source.close();
    };
    read();
    const source = openForReading(data.file);
    expect(() => source.db.exec('DELETE FROM event')).toThrow('readonly');
    source.close();
    counter.db.close();
    // SQLite cannot make its shared memory here, as on a read-only medium.
    mkdirSync(`${data.file}-shm`);
    read();
  });

  it('tells a flipped bit in a hash from one in an event: what can be proven is sent', () => {
    const counter = prompted();
    tap(counter);
    const whole = counter.outbox.read(counter.epoch, 1, 100, 1_000_000)!;
    counter.db.exec('UPDATE event SET hash = zeroblob(32) WHERE seq = 5');
    expect(counter.outbox.read(counter.epoch, 1, 100, 1_000_000)).toEqual(whole);
    const from6 = counter.outbox.read(counter.epoch, 6, 100, 1_000_000)!;
    expect(from6.events).toEqual(whole.events.slice(5));
    const hash = whole.events
      .slice(0, 5)
      .reduce((at, bytes) => chainHash(sha256, at, bytes), fromHex(whole.prevHash));
    expect(from6.prevHash).toBe(toHex(hash));
    counter.db.close();
  });

  it('trusts no stored state with a flipped bit: the chain says what is open, and the restart ends it', () => {
    const first = prompted();
    intent(first, open(2));
    const { rating, duty } = first.store.state;
    first.db.exec("UPDATE counter_state SET sum = zeroblob(16) WHERE part = 'waiting'");
    first.db.exec("UPDATE counter_state SET json = replace(json, 'CB01', 'CB03') WHERE part = 'duty'");
    first.db.close();
    const second = new StoredCounter(data.file, 2);
    expect(second.store.damaged).toBe(true);
    expect(second.outbox.between(second.epoch, 1, 99).map((event) => event.body)).toEqual([
      {
        type: 'rating.closed',
        ...{
          rating: rating?.rating,
          transaction: rating?.transaction,
          reason: 'interrupted',
          drained: false,
        },
      },
      { type: 'duty.ended', duty: duty?.duty, intent: null, reason: 'reboot' },
    ]);
    second.db.close();
    const third = new StoredCounter(data.file, 3);
    expect([third.store.damaged, third.store.state.rating]).toEqual([false, null]);
    third.db.close();
  });

  it('finishes a transaction in service of a damaged state with the snapshot of the chain', () => {
    const first = new StoredCounter(data.file, 1);
    for (const one of [start(1), open(1)]) intent(first, one);
    const { serving } = first.store.state;
    first.db.exec("UPDATE counter_state SET json = replace(json, 'CB01', 'CB03') WHERE part = 'serving'");
    first.db.close();
    const second = new StoredCounter(data.file, 2);
    const bodies = second.outbox.between(second.epoch, 1, 99).map((event) => event.body);
    expect(bodies.map((body) => body.type)).toEqual(['transaction.finished', 'rating.opened', 'duty.ended']);
    expect(bodies[1]).toMatchObject({ officer: serving?.officer, officerCode: 'CB01', prompt: false });
    second.db.close();
  });

  it('knows presses, touches, tickets, intents and transactions again after a restart', () => {
    const first = prompted();
    const press = {
      type: 'press',
      hwid: '53494d0000000001',
      boot: 3,
      seq: 9,
      askTicket: first.store.state.rating!.asks[0]!.askTicket as number,
      button: 2,
      uptimeMs: 77,
      chord: false,
      pressedMono: null,
    } as never;
    const { appended } = first.feed(press);
    const vote = appended.map(({ event }) => event.body).find((body) => body.type === 'rating.voted');
    first.db.close();
    const second = new StoredCounter(data.file, 2);
    const again = second.feed(press);
    expect(again.appended).toEqual([]);
    expect(again.step.effects).toMatchObject([
      { kind: 'acknowledge', counted: { vote: vote?.vote, level: 4 } },
    ]);
    const reused = intent(second, open(1));
    expect(reused.step.events).toMatchObject([{ code: 'intent.transaction_reused' }]);
    expect(second.store.state.waiting).toEqual([]);
    second.db.close();
  });

  it('changes nothing when the disk is full, and goes on when there is room', () => {
    const counter = prompted();
    counter.db.pragma('wal_checkpoint(TRUNCATE)');
    const pages = counter.db.pragma('page_count', { simple: true }) as number;
    counter.db.pragma(`max_page_count = ${pages}`);
    const thanked: string[] = [];
    let failed = '';
    for (let i = 0; i < 5_000 && failed === ''; i++) {
      const askTicket = counter.store.state.rating!.asks.at(-1)!.askTicket;
      try {
        const stray = {
          boot: 1,
          seq: i + 1,
          askTicket: 0,
          button: 1,
          uptimeMs: i,
          chord: false,
          pressedMono: null,
        };
        counter.feed({ type: 'press', hwid: '53494d0000000001' as never, ...stray });
        thanked.push(`${i + 1}`);
      } catch (error) {
        failed = String(error);
      }
      expect(counter.store.state.rating!.asks.at(-1)!.askTicket).toBe(askTicket);
    }
    expect(failed).toContain('kiosk.cannot_store: SQLITE_FULL');
    const before = counter.types().filter((type) => type === 'press.stray').length;
    expect(before).toBe(thanked.length);
    counter.db.pragma('max_page_count = 1000000');
    expect(counter.store.probe(counter.stamp())).toBe(true);
    expect(tap(counter).appended.map(({ event }) => event.body.type)).toEqual([
      'rating.voted',
      'question.asked',
    ]);
    const head = counter.outbox.epochs().at(-1)!;
    expect(counter.outbox.read(counter.epoch, 1, 10_000, 10_000_000)!.head.seq).toBe(head.head);
    counter.db.close();
  });

  it('keeps every printed vote through SIGKILL, in one whole chain', async () => {
    const printed: string[] = [];
    for (let run = 1; run <= 4; run++) {
      const child = spawn(process.execPath, [
        fileURLToPath(new URL('store-child.ts', import.meta.url)),
        data.file,
        `${run}`,
      ]);
      await new Promise<void>((resolve, reject) => {
        let rest = '';
        let errors = '';
        child.stderr.on('data', (text) => {
          errors += text;
        });
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          printed.push(...lines);
          if (printed.length >= run * 25) child.kill('SIGKILL');
        });
        child.on('close', (_code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(errors))));
      });
    }
    const counter = new StoredCounter(data.file, 9, 'boot-1');
    const events = counter.outbox.epochs().flatMap(({ epoch, head }) => {
      const read = counter.outbox.read(epoch, 1, 100_000, 100_000_000)!;
      expect(read.head.seq).toBe(head);
      return counter.outbox.between(epoch, 0, head).map((event) => event.body);
    });
    const facts = events.reduce(foldEvent, emptyFacts());
    expect(facts.violations).toEqual([]);
    const stored = new Set(
      events.flatMap((body) => (body.type === 'rating.voted' ? [body.vote as string] : [])),
    );
    expect(printed.filter((vote) => !stored.has(vote))).toEqual([]);
    expect(printed.length).toBeGreaterThanOrEqual(100);
    expect(counter.outbox.epochs()).toHaveLength(5);
    counter.db.close();
  }, 60_000);
});
