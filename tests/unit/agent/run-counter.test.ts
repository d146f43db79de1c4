/* Durable, then memory, then tell: the runner on a real database with time, panel and windows in the test's hand. */

import type { Intent } from '@hailong/shared/protocol/edge.ts';
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256 } from '../../../kiosk-app/agent/adapters/sha256.ts';
import { SqliteCounterStore } from '../../../kiosk-app/agent/adapters/sqlite/counter-store.ts';
import { openDatabase } from '../../../kiosk-app/agent/adapters/sqlite/open-database.ts';
import { PanelKeeper } from '../../../kiosk-app/agent/application/arm-panel.ts';
import { CounterRunner } from '../../../kiosk-app/agent/application/run-counter.ts';
import { COUNTER, FORM, finish, HWID, open, start } from '../../support/counter-kit.ts';
import { countingIds, FakePanel, FakeReport, FakeTime, FakeWindows } from './fakes.ts';
import { DEVICE, epochOf, tempData } from './store-kit.ts';

let data: ReturnType<typeof tempData>;
beforeEach(() => {
  data = tempData();
});
afterEach(() => data.remove());

function running() {
  const db = openDatabase(data.file);
  const time = new FakeTime();
  const panel = new FakePanel();
  const windows = new FakeWindows();
  const report = new FakeReport();
  const keeper = new PanelKeeper(panel, time);
  const heard: string[] = [];
  const runner = new CounterRunner(
    {
      store: new SqliteCounterStore(db, sha256, DEVICE),
      clock: time,
      timers: time,
      ids: countingIds(),
      report,
      panel,
      keeper,
      windows,
      counter: COUNTER,
      hasBlob: () => false,
      ticketOf: () => null,
    },
    {
      type: 'counter.config',
      revision: 1,
      office: { name: 'Trung tâm', place: '', phone: '', retentionDays: 30 },
      counter: { id: COUNTER, number: '5', name: 'Quầy 5', unitId: COUNTER as never, active: true },
      instrument: FORM,
      procedures: [],
    },
  );
  runner.begin(
    { epoch: epochOf(1), bootId: time.bootId, build: 'test', counter: COUNTER },
    {
      appended: (committed) => heard.push(...committed.appended.map(({ event }) => event.body.type)),
      tellHub: (message) => heard.push(message.type),
      recovered: () => heard.push('recovered'),
      photo: () => undefined,
    },
  );
  keeper.appeared(true);
  runner.feed({ type: 'panel', hwid: HWID });
  const intent = (one: Intent) => runner.feed({ type: 'intent', intent: one, expiresInMs: 60_000 });
  for (const one of [start(1), open(1), finish(1)]) intent(one);
  const asked = () => {
    const message = windows.seen.findLast((each) => each.type === 'screen');
    return message?.type === 'screen' && message.screen.name === 'question' ? message.screen.question : null;
  };
  let seq = 0;
  const press = (button: number) => {
    const askTicket = asked()?.askTicket ?? 0;
    seq += 1;
    return {
      type: 'press',
      hwid: HWID,
      boot: 1,
      seq,
      askTicket,
      button,
      uptimeMs: seq,
      chord: false,
      pressedMono: null,
    } as const;
  };
  return { db, time, panel, windows, report, runner, heard, intent, asked, press };
}

it('commits, then thanks and acknowledges, then arms the next ticket, and closes at the fixed time', async () => {
  const at = running();
  await at.time.pass(0);
  const first = at.asked();
  at.runner.feed(at.press(2));
  expect(at.report.events()).toEqual(['opened', 'thanked', 'panelAcked']);
  expect(at.panel.acks).toEqual([1]);
  expect(at.asked()?.question).toBe('attitude');
  await at.time.pass(FORM.closeAfterMs - 1);
  expect(at.report.events()).not.toContain('closed');
  await at.time.pass(1);
  expect(at.report.events().at(-1)).toBe('closed');
  expect(at.panel.calls.slice(0, 3)).toEqual([
    `arm ${first?.askTicket}`,
    'drain',
    `disarm ${first?.askTicket}`,
  ]);
  expect(at.windows.screens().at(-1)).toBe('rest');
  at.db.close();
});

it('on a full disk shows it, thanks nobody, acknowledges nothing, and goes on by itself', async () => {
  const at = running();
  await at.time.pass(0);
  const question = at.asked();
  at.db.pragma('wal_checkpoint(TRUNCATE)');
  at.db.pragma(`max_page_count = ${at.db.pragma('page_count', { simple: true })}`);
  // Fills the last pages with presses that count for nothing.
  while (!at.windows.screens().includes('cannot-store')) at.runner.feed({ ...at.press(1), askTicket: 0 });
  const thanks = () => at.report.events().filter((event) => event === 'thanked').length;
  const acks = at.panel.acks.length;
  if (!question) throw new Error('no question');
  const { rating, askTicket } = question;
  const answers: AgentToWindow[] = [];
  const tap = { type: 'tap', press: crypto.randomUUID(), rating, askTicket, level: 1 } as const;
  at.runner.feed(tap, (message) => answers.push(message));
  const kept = { ...at.press(1), askTicket };
  at.runner.feed(kept);
  expect(answers).toEqual([{ type: 'refused', press: tap.press, code: 'kiosk.cannot_store' }]);
  expect([thanks(), at.panel.acks.length]).toEqual([0, acks]);
  // The fixed time passes meanwhile: nothing can close, nothing is lost.
  await at.time.pass(FORM.closeAfterMs + 5_000);
  expect(at.report.events()).not.toContain('closed');
  at.db.pragma('max_page_count = 1000000');
  await at.time.pass(2_500);
  expect(at.heard).toContain('recovered');
  expect(at.report.events()).toContain('closed');
  expect(at.windows.screens().at(-1)).toBe('rest');
  // The panel still holds its press and sends it again: now it is stored, as late, and acknowledged.
  at.runner.feed(kept);
  expect(at.panel.acks.length).toBe(acks + 1);
  at.db.close();
});
