/*
 * Purpose: the host of one counter in a soak, a process of its own: the real driver on a port and a durable store.
 *   Asks question after question: drain, DISARM, drain, ARM, lamps; a press is committed, then acknowledged.
 * Refuses: to shut down nicely: it is there to be killed, and with a probability kills itself between commit and ACK; to
 *   choose anything but by its seed.
 * Usage: node counter.ts PORT DATABASE CRASH_PROBABILITY ask|drain SEED
 */
import { setTimeout as wait } from 'node:timers/promises';
import { openCpp1Panel } from '@hailong/device-drivers/panel/families/cpp1.ts';
import { systemPanelClock } from '@hailong/device-drivers/panel/panel-clock.ts';
import { hostChoices } from './host-choices.ts';
import { CounterStore, type Question } from './store.ts';

const [port = '', database = '', crash = '0', work = 'ask', seed = '0'] = process.argv.slice(2);
const ALL_BUTTONS = 0b11111;
/** A question that nobody answers, and one whose panel went away, as the agent does it. */
const UNANSWERED_MS = 6_000;
const AWAY_MS = 2_000;

const choices = hostChoices(Number(seed));
const store = new CounterStore(database);
const driver = openCpp1Panel(port);
const nowMs = () => systemPanelClock.nowMs();
let changed: () => void = () => undefined;

/** Resolves at the next press or change of the link, or after the time. */
function anything(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    changed = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

driver.on('state', () => changed());
driver.on(
  'press',
  ({ hwid, boot, seq, askTicket: ticket, button, uptimeMs, receivedAtMonoMs: receivedMs }) => {
    store.keep({ hwid, boot, seq, ticket, button, uptimeMs, receivedMs });
    if (choices.dies(Number(crash))) process.kill(process.pid, 'SIGKILL');
    driver.acknowledge({ boot, seq });
    changed();
  },
);

function nextQuestion(): Question {
  const open = store.openQuestion();
  if (open !== undefined) return open;
  const question = { ticket: choices.ticket(), wanted: choices.wanted() };
  store.ask(question);
  return question;
}

const answered = ({ ticket, wanted }: Question) => store.answers(ticket) >= wanted;

/** False when the panel did not follow. */
async function emptied(): Promise<boolean> {
  const before = (await driver.drain()).drained;
  const { ok } = await driver.disarm(0);
  return ok && (await driver.drain()).drained && before;
}

async function prompt(question: Question): Promise<void> {
  const { ticket, wanted } = question;
  const arm = store.arming(ticket, driver.identity?.hwid ?? '', nowMs());
  const { ok } = await driver.arm({
    askTicket: ticket,
    mask: ALL_BUTTONS,
    singleShot: wanted === 1,
    timeoutMs: 600_000,
  });
  if (!ok) return;
  store.armed(arm, nowMs());
  void driver.led({ on: ALL_BUTTONS, blink: 0, ttlMs: 0 });
  const untilMs = nowMs() + UNANSWERED_MS;
  while (!answered(question) && driver.state === 'ready' && nowMs() < untilMs) await anything(500);
}

async function serve(): Promise<void> {
  for (;;) {
    const question = nextQuestion();
    const awaySince = nowMs();
    while (driver.state !== 'ready') {
      await anything(200);
      // The panel keeps what is pressed meanwhile; it comes late, and is stored all the same.
      if (nowMs() - awaySince > AWAY_MS) store.close(question.ticket);
    }
    if (!(await emptied())) continue;
    if (store.openQuestion() === undefined) continue;
    if (!answered(question)) await prompt(question);
    if (driver.state !== 'ready') continue;
    if (await emptied()) store.close(question.ticket);
    await wait(choices.restMs());
  }
}

/** Asks nothing, and says of each panel that its queue is empty. */
async function drain(): Promise<void> {
  for (;;) {
    if (driver.state === 'ready' && (await emptied()))
      process.stdout.write(`${JSON.stringify({ event: 'drained', hwid: driver.identity?.hwid })}\n`);
    await anything(300);
  }
}

process.on('SIGTERM', () => process.exit(0));
driver.start();
await (work === 'drain' ? drain() : serve());
