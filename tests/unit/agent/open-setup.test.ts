/* The panel's set-up at a serving counter: what it takes, when it gives it back, and whose a press is meanwhile. */
import type { SetupView } from '@hailong/shared/protocol/panel-setup.ts';
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import { expect, test } from 'vitest';
import { type Fitted, PanelSlot } from '../../../kiosk-app/agent/application/fit-panel.ts';
import { SetupRoom, type SetupTrial, SILENT_MS } from '../../../kiosk-app/agent/application/open-setup.ts';
import type { Panel, PanelPressed } from '../../../kiosk-app/agent/application/ports.ts';
import { PanelWatch } from '../../../kiosk-app/agent/application/watch-panel.ts';
import { finish, MemoryCounter, open, start } from '../../support/counter-kit.ts';
import { FakePanel, FakeReport, FakeTime, settled } from './fakes.ts';

type Listener = Parameters<Panel['start']>[0];

/** One that is there as soon as it is started. */
class HeardPanel extends FakePanel {
  readonly hwid: string;
  readonly said: string[];
  listener: Listener | null = null;

  constructor(hwid: string, said: string[]) {
    super();
    this.hwid = hwid;
    this.said = said;
  }

  override start(listener?: Listener): void {
    this.said.push(`start ${this.hwid}`);
    this.listener = listener ?? null;
    listener?.changed({ hwid: this.hwid as never, buttons: 5 });
  }

  override async stop(): Promise<void> {
    this.said.push(`stop ${this.hwid}`);
  }
}

const view = (pressed = 0) => ({ pressed }) as SetupView;

function counterHere() {
  const time = new FakeTime();
  const counter = new MemoryCounter();
  const said: string[] = [];
  const told: AgentToWindow[] = [];
  const presses: unknown[] = [];
  let configured = 'one';
  const none = new FakePanel();
  none.state = 'none';
  const fit = (): Fitted => {
    const panel = new HeardPanel(configured, said);
    const presence = new PanelWatch({
      ...{ panel, wedge: null, isSeen: true, clock: time, timers: time, report: new FakeReport() },
      changed: () => {},
    });
    return { panel, presence, health: () => ({ hwid: panel.hwid }) as never };
  };
  const slot = new PanelSlot({ fit, none, changed: () => said.push('changed') });
  let tell: Parameters<SetupParts['begin']>[0] = () => {};
  type SetupParts = ConstructorParameters<typeof SetupRoom>[0];
  const trial: SetupTrial = {
    view: view(),
    hear: ({ type }) => void said.push(type),
    stop: async () => void said.push('stop trial'),
    acknowledge: ({ seq }) => said.push(`ack ${seq}`) > 0,
  };
  const room = new SetupRoom({
    ...{ timers: time, slot, state: () => counter.state },
    begin(telling) {
      tell = telling;
      return trial;
    },
    hold: (settingUp) => void said.push(settingUp ? 'hold' : 'go on'),
    tell: (message) => void told.push(message),
  });
  slot.start({
    changed: (found) => void said.push(found ? `there ${found.hwid}` : 'away'),
    pressed: (press) => void presses.push(press),
    said: () => {},
  });
  return {
    ...{ time, counter, room, slot, said, told, presses },
    tell: (pressed: number) => tell({ type: 'view', view: view(pressed) }),
    configure: (hwid: string) => {
      configured = hwid;
    },
  };
}

test('takes the panel and gives back what was written, one after the other', async () => {
  const { room, slot, said, told, time, configure } = counterHere();
  expect(said.splice(0)).toEqual(['start one', 'there one']);
  expect(room.open()).toBeNull();
  expect(room.open()).toBe('intent.busy');
  await settled();
  expect([slot.state, slot.shown, slot.health()]).toEqual(['none', null, null]);
  expect(told).toEqual([{ type: 'setup', message: { type: 'view', view: view() } }]);
  room.hear({ type: 'ports' });
  configure('two');
  room.leave();
  room.hear({ type: 'save' });
  await settled();
  expect(said).toEqual([
    ...['hold', 'away', 'stop one', 'ports', 'stop trial', 'start two', 'there two', 'changed', 'go on'],
  ]);
  expect([slot.state, slot.shown, slot.health()]).toEqual(['ready', { state: 'ready' }, { hwid: 'two' }]);
  await time.pass(SILENT_MS);
  expect(room.open()).toBeNull();
});

test('is left by itself two minutes after the last touch, word or press', async () => {
  const { room, said, time, tell } = counterHere();
  room.open();
  for (const stir of [
    () => room.stir(),
    () => room.hear({ type: 'again' }),
    () => tell(1),
    () => undefined,
  ]) {
    await time.pass(SILENT_MS - 1);
    expect(said).not.toContain('go on');
    stir();
  }
  // A line that comes and goes by itself is nobody.
  tell(1);
  await time.pass(1);
  expect(said.at(-1)).toBe('go on');
});

test('does not begin while anybody is served, asked or waited for', async () => {
  const { room, counter, said } = counterHere();
  const intend = (intent: Parameters<typeof counter.feed>[0]) => counter.feed(intent);
  intend({ type: 'intent', intent: start(1), expiresInMs: 60_000 });
  intend({ type: 'intent', intent: open(1), expiresInMs: 60_000 });
  expect(room.open()).toBe('intent.busy');
  intend({ type: 'intent', intent: finish(1), expiresInMs: 60_000 });
  expect(counter.state.rating).not.toBeNull();
  expect(room.open()).toBe('intent.busy');
  await settled();
  expect(said).toEqual(['start one', 'there one']);
});

test('a press that the panel kept for the counter is the counter’s, acknowledged through the trial', async () => {
  const { room, slot, said, presses } = counterHere();
  room.open();
  await settled();
  const press = { hwid: 'one', boot: 7, seq: 42, askTicket: 1_001, button: 4 } as unknown as PanelPressed;
  slot.pressed(press);
  expect(presses).toEqual([press]);
  expect(slot.acknowledge({ boot: 7, seq: 42 })).toBe(true);
  expect(said.at(-1)).toBe('ack 42');
  expect(await slot.arm(5, 5, 1_000)).toBe(true);
  room.leave();
  await settled();
  // What the panel says that was there before is nobody's any more.
  expect(presses).toHaveLength(1);
});
