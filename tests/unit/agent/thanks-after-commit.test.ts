/*
 * Nothing is thanked, confirmed or acknowledged that is not on disk at that moment: random citizens before a disk that fills
 * and empties under them. A machine that goes on from memory is found by the same property.
 */
import type { AgentToWindow, Screen } from '@hailong/shared/protocol/ui.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PanelKeeper } from '../../../kiosk-app/agent/application/arm-panel.ts';
import type { CounterStore } from '../../../kiosk-app/agent/application/ports.ts';
import { CounterRunner } from '../../../kiosk-app/agent/application/run-counter.ts';
import { KioskDisk, OpenedDisk } from '../../histories/kiosk-disk.ts';
import { COUNTER, FORM_WITH_CHIPS, finish, HWID, open, start } from '../../support/counter-kit.ts';
import { countingIds, FakePanel, FakeReport, FakeTime, FakeWindows } from './fakes.ts';
import { DEVICE, epochOf } from './store-kit.ts';

interface Counts {
  thanks: number;
  refusals: number;
}
type Act = (counter: Counter) => void | Promise<void>;

class Counter {
  readonly disk = new KioskDisk();
  readonly time = new FakeTime();
  readonly runner: CounterRunner;
  readonly early: string[] = [];
  readonly counts: Counts;
  screen: Screen | null = null;
  #press = 0;
  #transaction = 0;

  constructor(counts: Counts, storeOf: (opened: OpenedDisk, disk: KioskDisk) => CounterStore) {
    this.counts = counts;
    const panel = new FakePanel();
    panel.acknowledge = ({ seq }) => {
      if (!this.#holds(`"seq":${seq},`)) this.early.push(`acknowledged press ${seq}`);
      return true;
    };
    const report = new FakeReport();
    report.line = (line) => {
      if (line['event'] !== 'thanked') return;
      counts.thanks += 1;
      if (!this.#holds(`"vote":"${line['id']}"`)) this.early.push(`thanked ${line['id']}`);
    };
    const windows = new FakeWindows();
    windows.broadcast = (message) => {
      if (message.type !== 'screen') return;
      this.screen = message.screen;
      if (message.screen.name === 'thanks' && !this.#holds('"question":"overall"'))
        this.early.push('showed the thanks');
    };
    const keeper = new PanelKeeper(panel, this.time);
    this.runner = new CounterRunner(
      {
        ...{
          store: storeOf(new OpenedDisk(this.disk, DEVICE), this.disk),
          clock: this.time,
          timers: this.time,
        },
        ...{ ids: countingIds(), report, panel, keeper, windows, counter: COUNTER },
        ...{ hasBlob: () => false, ticketOf: () => ({ qr: ['1'], address: 'h.vn/v', until: null }) },
      },
      {
        ...{ type: 'counter.config', revision: 1, instrument: FORM_WITH_CHIPS, procedures: [] },
        ...{ office: {} as never, counter: {} as never, walkup: { minIntervalMs: 0 } },
      },
    );
    this.runner.begin(
      { epoch: epochOf(1), bootId: this.time.bootId, build: 'test', counter: COUNTER },
      {
        ...{ appended: () => undefined, tellHub: () => undefined },
        ...{ recovered: () => undefined, photo: () => undefined },
      },
    );
    keeper.appeared(true);
    this.runner.feed({ type: 'panel', hwid: HWID });
    this.#ask(start(1));
  }

  #ask(intent: ReturnType<typeof start>): void {
    this.runner.feed({ type: 'intent', intent, expiresInMs: 60_000 });
  }

  /** Whether an event with this text is on disk. */
  #holds(text: string): boolean {
    return this.disk.records.some(({ rows = [] }) =>
      rows.some(({ bytes }) => Buffer.from(bytes).includes(text)),
    );
  }

  serve(): void {
    this.#transaction += 1;
    this.#ask(open(this.#transaction));
    this.#ask(finish(this.#transaction));
  }

  readonly #confirm = (message: AgentToWindow): void => {
    if (message.type === 'refused') this.counts.refusals += 1;
    if (message.type === 'recorded' && !this.#holds(`"press":"${message.press}"`))
      this.early.push(`confirmed ${message.press}`);
  };

  touch(level: 1 | 2 | 3 | 4 | 5): void {
    const { screen } = this;
    this.#press += 1;
    const press = `00000000-0000-7000-8000-${String(this.#press).padStart(12, '0')}`;
    if (screen?.name === 'question') {
      const { rating, askTicket } = screen.question;
      this.runner.feed({ type: 'tap', press, rating, askTicket, level }, this.#confirm);
    } else if (screen?.name === 'chips') {
      const { rating, askTicket, chips } = screen;
      const set = chips.slice(0, level).map(({ key }) => key);
      this.runner.feed({ type: 'chips', press, rating, askTicket, chips: set }, this.#confirm);
    }
  }

  push(button: number): void {
    const { screen } = this;
    if (screen?.name !== 'question') return;
    const seq = ++this.#press;
    const key = { hwid: HWID, boot: 7, seq, askTicket: screen.question.askTicket, button, uptimeMs: seq };
    this.runner.feed({ type: 'press', ...key, chord: false, pressedMono: null });
  }

  say(type: 'skip' | 'private'): void {
    const { screen } = this;
    if (screen?.name !== 'question' && screen?.name !== 'chips') return;
    const { rating, askTicket } = screen.name === 'question' ? screen.question : screen;
    this.runner.feed(type === 'skip' ? { type, rating, askTicket } : { type, rating });
  }
}

const level = fc.constantFrom(1, 2, 3, 4, 5) as fc.Arbitrary<1 | 2 | 3 | 4 | 5>;
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Act>((c) => c.serve()) },
  {
    weight: 10,
    arbitrary: level.map(
      (each): Act =>
        (c) =>
          c.touch(each),
    ),
  },
  {
    weight: 5,
    arbitrary: level.map(
      (each): Act =>
        (c) =>
          c.push(each),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<'skip' | 'private'>('skip', 'private').map(
      (each): Act =>
        (c) =>
          c.say(each),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Act>((c) => c.runner.feed({ type: 'correct', rating: null })) },
  { weight: 1, arbitrary: fc.constant<Act>((c) => c.runner.feed({ type: 'walkup' })) },
  {
    weight: 4,
    arbitrary: fc.boolean().map(
      (full): Act =>
        (c) => {
          c.disk.full = full;
        },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 9_000 }).map(
      (ms): Act =>
        (c) =>
          c.time.pass(ms),
    ),
  },
);

function property(counts: Counts, storeOf: ConstructorParameters<typeof Counter>[1]) {
  return fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 50, size: 'max' }), async (history) => {
    const counter = new Counter(counts, storeOf);
    await counter.time.pass(0);
    for (const each of history) await each(counter);
    expect(counter.early).toEqual([]);
    counter.runner.stop();
  });
}

it('thanks, confirms and acknowledges only what is on disk', async () => {
  const counts: Counts = { thanks: 0, refusals: 0 };
  await fc.assert(
    property(counts, (opened) => opened),
    { numRuns: 150 },
  );
  // The histories must be about something: disks that took votes, and disks that did not.
  expect(counts.thanks).toBeGreaterThan(200);
  expect(counts.refusals).toBeGreaterThan(15);
});

it('finds a machine that goes on from memory while its disk is full', async () => {
  const forgetful = (opened: OpenedDisk, disk: KioskDisk): CounterStore => {
    let memory = opened.state;
    return {
      get state() {
        return disk.full ? memory : opened.state;
      },
      begin: (start, stamp, decide) => opened.begin(start, stamp, decide),
      probe: () => true,
      commit: (stamp, decide) => {
        if (!disk.full) return opened.commit(stamp, decide);
        const held = { state: opened.state, known: opened, ticketIsUsed: () => false };
        const step = decide(held);
        memory = step.state;
        return { step, appended: [] };
      },
    };
  };
  // That it fails is all there is to know: no smaller history is looked for.
  const found = await fc.check(property({ thanks: 0, refusals: 0 }, forgetful), {
    numRuns: 150,
    endOnFailure: true,
  });
  expect(found.failed).toBe(true);
});
