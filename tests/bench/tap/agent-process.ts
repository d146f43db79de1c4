/*
 * Purpose: the agent's own process, its real composition (kiosk-app/agent/main.ts as shipped: store, index, state,
 * gateway, upload to a hub), tapped at the two places where a driver's event enters: the panel driver's `pressed`
 * callback and the window's message. Timed until the agent's `thanked` line has left through stdout.
 * After each tap the rows of its events are committed once more, bare, on the same file system. Only the boot clock is
 * moved, so that prompts reach their fixed close.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CounterState } from '@hailong/shared/counter/counter-state.ts';
import { encodeEvent } from '@hailong/shared/edge/event.ts';
import Sqlite from 'better-sqlite3';
import { noPanel } from '../../../kiosk-app/agent/adapters/panel/panel-port.ts';
import { sha256 } from '../../../kiosk-app/agent/adapters/sha256.ts';
import { SqliteCounterStore } from '../../../kiosk-app/agent/adapters/sqlite/counter-store.ts';
import type { Committed, Panel, PanelPressed } from '../../../kiosk-app/agent/application/ports.ts';
import { CounterRunner } from '../../../kiosk-app/agent/application/run-counter.ts';
import { finish, HWID, open, start } from '../../support/counter-kit.ts';
import { poll } from '../../support/poll.ts';
import { answerOrders } from '../processes.ts';

export interface TapOrder {
  readonly folder: string;
  readonly hub: string;
  readonly code: string;
  readonly taps: number;
  readonly warmUp: number;
}
export interface TapAnswer {
  /** ms, in order; panel and touch by turns of one prompt. */
  readonly panel: readonly number[];
  readonly touch: readonly number[];
  readonly bare: readonly number[];
}

/** The fixed time of a prompt passes by moving the boot clock; it never runs back. */
let movedMs = 0;
const realNow = performance.now.bind(performance);
performance.now = () => realNow() + movedMs;

let store: SqliteCounterStore | null = null;
let runner: CounterRunner | null = null;
let panel: Parameters<Panel['start']>[0] | null = null;
let committed: Committed | null = null;
let thankedAt = 0;

const commit = SqliteCounterStore.prototype.commit;
SqliteCounterStore.prototype.commit = function (stamp, decide) {
  store = this;
  const done = commit.call(this, stamp, decide);
  committed = done;
  return done;
};
const begin = CounterRunner.prototype.begin;
CounterRunner.prototype.begin = function (start, listener) {
  runner = this;
  begin.call(this, start, listener);
};
let configured = false;
const configure = CounterRunner.prototype.configure;
CounterRunner.prototype.configure = function (config) {
  configure.call(this, config);
  configured = true;
};
noPanel.start = (listener) => {
  panel = listener;
};
const write = process.stdout.write.bind(process.stdout) as (text: string) => boolean;
process.stdout.write = ((text: string) => {
  const done = write(text);
  if (text.includes('"event":"thanked"')) thankedAt = realNow();
  return done;
}) as typeof process.stdout.write;

interface Agent {
  readonly store: { readonly state: CounterState };
  readonly runner: CounterRunner;
  readonly panel: { pressed(press: PanelPressed): void };
}

/** Until the agent has opened its epoch, its panel port and has been told its form. */
async function startAgent(order: TapOrder): Promise<Agent> {
  process.argv = [
    ...[process.argv[0]!, 'agent', 'run', '--data', join(order.folder, 'agent'), '--hub', order.hub],
    ...['--enrol', order.code, '--json'],
  ];
  await import('../../../kiosk-app/agent/main.ts');
  const found = await poll(() => configured && runner && panel && { runner, panel }, { what: 'the agent' });
  await poll(
    () => {
      found.runner.feed({ type: 'intent', intent: start(1), expiresInMs: 60_000 });
      return store?.state.duty;
    },
    { what: 'a duty' },
  );
  return { ...found, store: store! };
}

/** The same rows once more: same bytes into a table of the same form, WAL, FULL, one transaction. */
function bareCommit(
  file: string,
): (rows: readonly { seq: number; bytes: Uint8Array; hash: Uint8Array }[]) => void {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  if (db.pragma('synchronous', { simple: true }) !== 2) throw new Error('the bare commit is not FULL');
  db.exec(`CREATE TABLE event (epoch_no INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (epoch_no, seq)) WITHOUT ROWID`);
  const insert = db.prepare('INSERT INTO event (epoch_no, seq, bytes, hash) VALUES (1, ?, ?, ?)');
  return db.transaction((rows: readonly { seq: number; bytes: Uint8Array; hash: Uint8Array }[]) => {
    for (const { seq, bytes, hash } of rows) insert.run(seq, bytes, hash);
  }).immediate;
}

const breathe = () => new Promise<void>((done) => setImmediate(done));

async function measure(order: TapOrder): Promise<TapAnswer> {
  const agent = await startAgent(order);
  const bare = bareCommit(join(order.folder, 'bare.db'));
  const times = { panel: [] as number[], touch: [] as number[], bare: [] as number[] };
  let done = 0;
  let press = 0;
  for (let service = 1; done < order.warmUp + order.taps; service++) {
    agent.runner.feed({ type: 'intent', intent: open(service), expiresInMs: 60_000 });
    agent.runner.feed({ type: 'intent', intent: finish(service), expiresInMs: 60_000 });
    const route = service % 2 === 0 ? 'panel' : 'touch';
    for (;;) {
      await breathe();
      const { rating } = agent.store.state;
      const asked = rating?.asking ? rating.asks.at(-1) : undefined;
      if (!rating) throw new Error('no prompt was opened');
      if (!asked || asked.answered) break;
      const { askTicket } = asked;
      const button = 1 + (press % 5);
      press += 1;
      thankedAt = 0;
      committed = null;
      const from = realNow();
      if (route === 'panel')
        agent.panel.pressed({
          ...{ hwid: HWID, boot: 0x51270001, seq: 1 + (press % 65_535), askTicket, button, chord: false },
          ...{ uptimeMs: press * 700, pressedMono: agent.store.state.rating ? press : null },
        });
      else
        agent.runner.feed(
          {
            ...{ type: 'tap', press: crypto.randomUUID(), rating: rating.rating, askTicket },
            level: button as 1 | 2 | 3 | 4 | 5,
          },
          () => undefined,
        );
      const took = thankedAt - from;
      const { appended } = committed ?? { appended: [] };
      if (thankedAt === 0 || (appended as Committed['appended']).length === 0)
        throw new Error(`a ${route} tap was not thanked`);
      const rows = (appended as Committed['appended']).map(({ seq, event }) => {
        const bytes = encodeEvent(event);
        return { seq, bytes, hash: sha256(bytes) };
      });
      await breathe();
      const bareFrom = realNow();
      bare(rows);
      const bareTook = realNow() - bareFrom;
      if (done++ < order.warmUp) continue;
      times[route].push(took);
      times.bare.push(bareTook);
    }
    await close(agent);
  }
  rmSync(join(order.folder, 'bare.db'), { force: true });
  return times;
}

/** Lets the fixed time pass; the agent drains and closes by itself. */
async function close(agent: Agent): Promise<void> {
  movedMs += 60_000;
  agent.runner.feed({ type: 'wake' });
  for (let waits = 0; agent.store.state.rating; waits++) {
    if (waits > 1_000) throw new Error('the prompt did not close');
    await breathe();
  }
}

answerOrders<TapOrder>(measure);
