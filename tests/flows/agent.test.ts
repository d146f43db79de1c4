/*
 * The agent as a real process with a real PTY panel and a hub on a socket: what was thanked is at the hub exactly once,
 * whoever is away or killed in between.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type PanelSimulator,
  startPanelSimulator,
} from '@hailong/device-drivers/simulators/panel-simulator.ts';
import { RETRY_MAX_MS } from '@hailong/shared/edge/sync-machine.ts';
import type { IntentId, TransactionId } from '@hailong/shared/ids.ts';
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import type { AgentToWindow, Screen } from '@hailong/shared/protocol/ui.ts';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { FORM_WITH_CHIPS, finish, open, profile, start } from '../support/counter-kit.ts';
import { EdgeHub } from '../support/edge-hub.ts';
import type { MovedClock } from '../support/moved-clock.ts';
import { kioskClock } from '../support/office.ts';
import { kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const fresh = <T extends Intent>(intent: T, more: Partial<T> = {}): T => ({
  ...intent,
  intentId: v7() as IntentId,
  ...more,
});

/** Over kills and starts on a busy machine; nobody waits for its end. */
const CLOSE_MS = 120_000;
/** Between two attempts of a kiosk whose hub is away, with its jitter. */
const RETRY_LONGEST_MS = 1.3 * RETRY_MAX_MS;

let folder: TempFolder;
let hub: EdgeHub;
let panel: PanelSimulator;
let agent: Program;
let runs = 0;
/** The agent's boot clock: a prompt's fixed time passes at once. */
let clock: MovedClock;

const args = (data: string, ...more: string[]) =>
  ['run', '--data', data, '--hub', hub.url, '--enrol', 'MA-GHI-DANH-1', '--json', ...more] as const;
const data = () => join(folder.path, `run-${runs}`);
const run = (...more: string[]) => {
  clock.ended();
  const env = { NODE_OPTIONS: clock.args.join(' '), ...clock.env() };
  return startProgram(kioskBin, args(data(), '--panel', `cpp1:${panel.path}`, ...more), { env });
};

/** On duty, a citizen served and asked: the panel armed. */
async function prompt(): Promise<TransactionId> {
  if (hub.of('duty.started').length === 0) hub.intent(fresh(start(1)));
  const transaction = v7() as TransactionId;
  hub.intent(fresh(open(1), { transaction } as never));
  hub.intent(fresh(finish(1), { transaction } as never));
  await agent.line((line) => line.event === 'opened' && line['transaction'] === transaction);
  await poll(() => panel.status().armedMask !== 0, { what: 'the panel to be armed' });
  return transaction;
}
/** The rating's fixed time comes, and what follows from it goes at its own pace. */
async function passPrompt(): Promise<void> {
  const [opened] = hub.events().filter(({ body }) => body.type === 'rating.opened');
  await clock.moveTo(opened!.at, CLOSE_MS);
}
const votesAtHub = (id: unknown) => hub.of('rating.voted').filter((vote) => vote.vote === id);

beforeAll(async () => {
  folder = await tempFolder('agent');
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});
beforeEach(async () => {
  runs += 1;
  hub = new EdgeHub();
  hub.form = { ...hub.form, closeAfterMs: CLOSE_MS };
  await hub.start();
  panel = startPanelSimulator();
  clock = kioskClock(join(folder.path, `clock-${runs}`));
  agent = run();
  await agent.line('ready');
});
afterEach(async () => {
  clock.ended();
  await agent.stop();
  await panel.stop();
  await hub.stop();
  expect(hub.faults).toEqual([]);
});

describe('a press on the panel', () => {
  it('is thanked, acknowledged to the panel, and acknowledged by the hub', async () => {
    await prompt();
    await panel.press(1);
    const thanked = await agent.line('thanked');
    expect(thanked).toMatchObject({ level: 4, question: 'overall' });
    await agent.line((line) => line.event === 'panelAcked' && line['id'] === thanked['id']);
    await agent.line((line) => line.event === 'acked' && line['id'] === thanked['id']);
    expect(votesAtHub(thanked['id'])).toHaveLength(1);
    await passPrompt();
    const closed = await agent.line('closed');
    await poll(() => hub.of('rating.closed').length > 0, { what: 'the close at the hub' });
    expect(hub.of('rating.closed')).toMatchObject([{ rating: closed['id'], reason: 'timed', drained: true }]);
    expect(hub.of('time.anchor').length).toBeGreaterThan(0);
    for (const name of await readdir(data()))
      expect([name, (await stat(join(data(), name))).mode & 0o077]).toEqual([name, 0]);
  });

  it('with the hub away is thanked, and is there once when the hub returns', async () => {
    await prompt();
    await poll(() => hub.of('rating.opened').length > 0, { what: 'the prompt at the hub' });
    await hub.stop();
    await panel.press(0);
    const thanked = await agent.line('thanked');
    await passPrompt();
    await agent.line('closed');
    expect(votesAtHub(thanked['id'])).toHaveLength(0);
    await hub.start();
    // Its next attempt is as far off as one may be.
    await clock.move(RETRY_LONGEST_MS);
    await agent.line((line) => line.event === 'acked' && line['id'] === thanked['id']);
    expect(votesAtHub(thanked['id'])).toHaveLength(1);
  });

  it('is there once when the hub stores a batch and the line is cut before the answer', async () => {
    await prompt();
    hub.swallow = 2;
    await panel.press(2);
    const thanked = await agent.line('thanked');
    await agent.line((line) => line.event === 'acked' && line['id'] === thanked['id']);
    expect(votesAtHub(thanked['id'])).toHaveLength(1);
    expect(hub.connections).toBeGreaterThanOrEqual(2);
  });

  it('is there once when the agent is killed after the thanks', async () => {
    await prompt();
    await hub.stop();
    panel.misbehave({ dropAcks: 3 });
    await panel.press(4);
    const thanked = await agent.line('thanked');
    await agent.killHard();
    await hub.start();
    agent = run();
    await agent.line((line) => line.event === 'acked' && line['id'] === thanked['id']);
    await agent.line((line) => line.event === 'panelAcked' && line['id'] === thanked['id']);
    await poll(() => panel.status().queueLength === 0, { what: 'the panel to be empty' });
    expect(votesAtHub(thanked['id'])).toHaveLength(1);
    expect(hub.of('rating.voted')).toHaveLength(1);
    expect(hub.of('agent.started')).toHaveLength(2);
    expect(hub.of('agent.started')[1]?.parent).toMatchObject({ epoch: hub.of('agent.started')[0]?.epoch });
  });

  it('made while the agent is dead counts when the prompt is still open on its return', async () => {
    const transaction = await prompt();
    await agent.killHard();
    await panel.press(0);
    agent = run();
    const thanked = await agent.line('thanked');
    expect(thanked).toMatchObject({ transaction, level: 5, question: 'overall' });
    await agent.line((line) => line.event === 'acked' && line['id'] === thanked['id']);
  });

  it('goes on after the cable was pulled, under the same ticket', async () => {
    await prompt();
    const ticket = panel.status().armedTicket;
    await panel.powerLoss();
    await poll(() => panel.status().armedTicket === ticket, { what: 'the same ticket to be armed again' });
    await panel.press(3);
    expect(await agent.line('thanked')).toMatchObject({ level: 2 });
  });
});

describe('the window', () => {
  async function window(): Promise<{
    socket: WebSocket;
    seen: AgentToWindow[];
    screen: () => Screen | undefined;
  }> {
    const ui = new URL(String((await agent.line('ready'))['ui']));
    const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
    const seen: AgentToWindow[] = [];
    socket.on('message', (text) => seen.push(JSON.parse(String(text))));
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'hello', token: ui.hash.slice('#token='.length) })),
    );
    const screen = () => seen.findLast((message) => message.type === 'screen')?.screen;
    await poll(screen, { what: 'a screen' });
    return { socket, seen, screen };
  }
  type Asked = Extract<Screen, { name: 'question' }>;

  it('shows the officer with photo, then the question; a touch is recorded once', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('a portrait')]);
    const photo = createHash('sha256').update(bytes).digest('hex');
    hub.blobs.set(photo, bytes);
    hub.intent(fresh(start(1), { profile: { ...profile(1), photo } } as never));
    const { socket, seen, screen } = await window();
    const rest = await poll(
      () => {
        const now = screen();
        return now?.name === 'rest' && now.officer.photo === photo ? now : null;
      },
      { what: 'the officer with the photo' },
    );
    expect(rest).toMatchObject({ counterNumber: '5', online: true, officer: { name: 'Cán bộ 1' } });
    const { origin } = new URL(String((await agent.line('ready'))['ui']));
    const answer = await fetch(`${origin}/photos/${photo}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");

    await prompt();
    const asked = await poll(() => (screen()?.name === 'question' ? (screen() as Asked) : null), {
      what: 'question',
    });
    const { rating, askTicket } = asked.question;
    const tap = { type: 'tap', press: crypto.randomUUID(), rating, askTicket, level: 3 };
    socket.send(JSON.stringify(tap));
    socket.send(JSON.stringify(tap));
    await poll(() => seen.filter((message) => message.type === 'recorded').length === 2, {
      what: 'recorded',
    });
    expect(agent.lines.filter((line) => line.event === 'thanked')).toHaveLength(1);
    socket.send(JSON.stringify({ ...tap, press: crypto.randomUUID(), level: 1 }));
    await poll(() => seen.find((message) => message.type === 'refused'), { what: 'the refusal' });
    socket.terminate();
  });

  it('keeps chips and the way to the phone over kills; the counter is free at the fixed time, not before', async () => {
    hub.form = { ...FORM_WITH_CHIPS, closeAfterMs: CLOSE_MS };
    hub.more = { privateUrl: 'https://danhgia.example.vn' };
    await agent.stop();
    agent = run();
    const transaction = await prompt();
    let at = await window();
    const shown = <N extends Screen['name']>(name: N) =>
      poll(
        () => {
          const now = at.screen();
          return now?.name === name ? (now as Extract<Screen, { name: N }>) : null;
        },
        { what: `the screen ${name}` },
      );
    const touch = async (message: object): Promise<void> => {
      const press = crypto.randomUUID();
      at.socket.send(JSON.stringify({ ...message, press }));
      const answered = () => at.seen.find((one) => one.type === 'recorded' && one.press === press);
      await poll(answered, { what: 'recorded' });
    };
    for (const key of ['overall', ...FORM_WITH_CHIPS.criteria.map((each) => each.key)]) {
      const { question } = await poll(
        async () => {
          const now = await shown('question');
          return now.question.question === key ? now : null;
        },
        { what: key },
      );
      await touch({ type: 'tap', rating: question.rating, askTicket: question.askTicket, level: 1 });
    }
    const { rating, askTicket, chips } = await shown('chips');
    await poll(() => panel.status().armedMask === 0, { what: 'the panel to be disarmed' });
    const chosen = [chips[1]!.key, chips[4]!.key];
    await touch({ type: 'chips', rating, askTicket, chips: chosen });
    await agent.killHard();

    agent = run();
    at = await window();
    expect((await shown('chips')).chosen).toEqual(chosen);
    at.socket.send(JSON.stringify({ type: 'private', rating }));
    expect((await shown('private')).qr?.length).toBeGreaterThan(20);
    await agent.killHard();

    agent = run();
    at = await window();
    expect(await shown('private')).toMatchObject({ rating });
    hub.intent(fresh(open(2), { transaction: v7() as TransactionId } as never));
    await passPrompt();
    await poll(() => hub.of('transaction.opened').length === 2, { what: 'the next citizen' });
    expect(hub.of('chips.chosen')).toMatchObject([{ transaction, chips: chosen, n: 1 }]);
    expect(hub.of('rating.went_private')).toHaveLength(1);
    expect(hub.of('rating.closed')).toMatchObject([{ rating, reason: 'private', drained: true }]);
    const when = (type: string) => hub.events().findLast(({ body }) => body.type === type)!.mono;
    const [asked, next] = [when('rating.opened'), when('transaction.opened')];
    expect(next - asked).toBeGreaterThanOrEqual(CLOSE_MS);
    at.socket.terminate();
  });

  it('is refused with a wrong token, a foreign origin or a foreign host', async () => {
    const ui = new URL(String((await agent.line('ready'))['ui']));
    const url = `ws://${ui.host}/ui/v1`;
    const ending = (socket: WebSocket) =>
      new Promise<number>((resolve) => {
        socket.on('error', () => resolve(403));
        socket.on('close', (code) => resolve(code));
      });
    const wrong = new WebSocket(url, { origin: ui.origin });
    wrong.on('open', () => wrong.send(JSON.stringify({ type: 'hello', token: 'x' })));
    expect(await ending(wrong)).toBe(4403);
    expect(await ending(new WebSocket(url, { origin: 'http://evil.example' }))).toBe(403);
    expect(await ending(new WebSocket(url, { headers: { host: 'evil.example' } }))).toBe(403);
  });
});

describe('the program', () => {
  it('refuses a second agent on the same data with 3', async () => {
    const second = await runProgram(kioskBin, args(data()));
    expect(second.code).toBe(3);
    expect(second.stderr).toContain('program.data_locked');
  });

  it('leaves with 4 when it must enrol and no hub is there, 1 for a wrong code, 2 for a wrong command', async () => {
    const elsewhere = join(folder.path, `elsewhere-${runs}`);
    await mkdir(elsewhere);
    const away = ['run', '--data', elsewhere, '--hub', 'http://127.0.0.1:9', '--enrol', 'MA-GHI-DANH-1'];
    expect((await runProgram(kioskBin, away)).code).toBe(4);
    const wrong = await runProgram(kioskBin, args(elsewhere));
    expect([wrong.code, wrong.stderr.includes('enrol.code_unknown')]).toEqual([1, true]);
    expect((await runProgram(kioskBin, ['run'])).code).toBe(2);
    expect((await runProgram(kioskBin, ['--help'])).code).toBe(0);
  });

  it('answers a repeated intent from its table and refuses what does not fit', async () => {
    const duty = fresh(start(1));
    hub.intent(duty);
    await poll(() => hub.of('duty.started').length === 1, { what: 'the duty' });
    hub.intent(duty);
    await poll(
      () =>
        hub.messages.find((message) => message.type === 'intent.seen' && message.intentId === duty.intentId),
      { what: 'the answer to the repetition' },
    );
    const wrong = fresh(finish(77));
    hub.intent(wrong);
    const refused = await agent.line((line) => line.event === 'refused' && line['id'] === wrong.intentId);
    expect(refused['code']).toBe('intent.unknown_transaction');
    expect(hub.of('duty.started')).toHaveLength(1);
  });
});
