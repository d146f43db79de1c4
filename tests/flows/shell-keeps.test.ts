/*
 * Purpose: the Chromium shell as it ships before a real agent and hub, on a display of its own, while a citizen is asked: the
 * page's process and the browser are killed, the page is stopped in the middle of a frame, the shell itself is killed and
 * started again as its unit does (Restart=always, RestartSec=1; systemd itself is not run). Each time the question is back.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { HANG_AFTER_MS } from '../../kiosk-app/shell/watchdog-machine.ts';
import { Display } from '../prove/escapes/display.ts';
import { policyOf, type Shell, type ShellLine, startLocked } from '../prove/escapes/shells.ts';
import { escapesImpossible } from '../prove/runs/escapes.ts';
import { type Office, openOffice } from '../support/office.ts';
import { ownLag, soonest } from '../support/own-lag.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { isAlive, runProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const impossible = escapesImpossible();
/** What the watchdog calls at once, on a machine that does much else. */
const AT_ONCE_MS = 2_500;
/** A tick of the watchdog, a beat of the page, and the same machine. */
const LATE_MS = 3_000;
/** As `recipes/debian/hailong-shell-x.service` says. */
const RESTART_SEC = 1;
/** From the remedy to the question, a browser's start in it. */
const BACK = { everyMs: 20 };

let folder: TempFolder;
let office: Office;
let display: Display;
let shell: Shell;

async function startShell(isSizeTold: boolean): Promise<void> {
  const address = String((await office.kioskLine('ready'))['ui']);
  shell = await startLocked({ display, address, scriptPort: null, policy: policyOf(address), isSizeTold });
}

beforeAll(async () => {
  if (impossible) return;
  folder = await tempFolder('shell-keeps');
  office = await openOffice(folder.path, { closeAfterMs: 300_000 });
  display = await Display.open(false);
  await startShell(false);
  const { transactionId, intentId } = await office.api.open(office.counter.id, ['H21.27-261126-0001']);
  await office.api.intent(intentId, 'accepted');
  await office.api.finish(transactionId);
});
beforeEach((context) => {
  if (impossible) context.skip(impossible.en);
});
afterAll(async () => {
  await shell?.[Symbol.asyncDispose]();
  await display?.[Symbol.asyncDispose]();
  await office?.[Symbol.asyncDispose]();
  await folder?.remove();
});

interface Running {
  readonly pid: number;
  readonly words: string;
}
/** What it started, and what those started. */
function below(pid: number): readonly Running[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        const words = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent, words }];
      } catch {
        // Gone meanwhile.
        return [];
      }
    });
  const found: Running[] = [];
  const look = (of: number): void => {
    for (const one of all.filter(({ parent }) => parent === of)) {
      found.push(one);
      look(one.pid);
    }
  };
  look(pid);
  return found;
}
const pages = () => below(shell.pid).filter(({ words }) => words.includes('--type=renderer'));
const browser = () =>
  below(shell.pid).filter(({ words }) => words.includes('--app=') && !words.includes('--type='));

/** The question, whole and alone on the glass, from the `from`th line on. */
async function asked(from: number): Promise<ShellLine> {
  const line = await poll(
    () => {
      const last = shell.lines.slice(from).findLast(({ event }) => event !== 'noticed');
      return last?.event === 'shown' && last.screen === 'question' && last.focused === true && last;
    },
    { what: 'the question', ...BACK },
  );
  await poll(async () => (await display.windows()).length === 1, { what: 'one window alone', ...BACK });
  return line;
}

interface Noticed {
  readonly noticedMs: number;
  /** How many of them this machine was late. */
  readonly lateMs: number;
}
/** Does harm; answers after how many ms it was noticed, once it is mended. */
async function harmed(why: string, harm: () => void): Promise<Noticed> {
  const from = shell.lines.length;
  const lag = ownLag();
  const at = Date.now();
  harm();
  const isIt = (line: ShellLine) => line.event === 'noticed' && line.why === why;
  const noticed = await poll(() => shell.lines.slice(from).find(isIt), { what: why, ...BACK });
  const lateMs = lag();
  await asked(from);
  return { noticedMs: noticed.at - at, lateMs };
}
const onTime = ({ noticedMs, lateMs }: Noticed): number => noticedMs - lateMs;
const signal = (name: NodeJS.Signals, whom: readonly Running[]): void => {
  const hit = whom.filter(({ pid }) => {
    try {
      return process.kill(pid, name);
    } catch {
      // A spare one of the browser's, ended by itself since it was listed.
      return false;
    }
  });
  expect(hit.length).toBeGreaterThan(0);
};

test('a display that nobody described is filled', async () => {
  await poll(() => shell.lines.some(({ why }) => why === 'size'), { what: 'the size', ...BACK });
  await asked(shell.lines.findIndex(({ why }) => why === 'size'));
});

test('a page that crashed is back at once', async () => {
  const once = async () => onTime(await harmed('crashed', () => signal('SIGKILL', pages())));
  expect(await soonest(AT_ONCE_MS, once)).toBeLessThan(AT_ONCE_MS);
});

test('so is a browser that was killed', async () => {
  const once = async () => onTime(await harmed('closed', () => signal('SIGKILL', browser())));
  expect(await soonest(AT_ONCE_MS, once)).toBeLessThan(AT_ONCE_MS);
});

test('a page that hangs is known by its silence', async () => {
  const bar = HANG_AFTER_MS + LATE_MS;
  const once = async () => {
    const noticed = await harmed('hung', () => signal('SIGSTOP', pages()));
    expect(noticed.noticedMs).toBeGreaterThan(HANG_AFTER_MS - LATE_MS);
    return onTime(noticed);
  };
  expect(await soonest(bar, once)).toBeLessThan(bar);
});

test('the hub knows what keeps the page, and how often it had to', async () => {
  const window = async () => {
    const { lines } = await runProgram(hubBin, ['fleet', '--data', office.hubData, '--json']);
    const status = lines.find((line) => line['device'] !== undefined)?.['status'];
    return (status as { health?: { window?: { restarts?: number } } } | undefined)?.health?.window;
  };
  // Three, and more where a page was slow on a busy machine and begun anew.
  const remedies = () =>
    shell.lines.filter(({ why = 'size' }) => !['size', 'reload', 'foreign'].includes(why)).length;
  const said = await poll(
    async () => {
      const now = await window();
      return now?.restarts === remedies() && now;
    },
    { what: 'as many remedies as were seen', timeoutMs: 120_000, everyMs: 500 },
  );
  expect(said.restarts).toBeGreaterThanOrEqual(3);
  expect(said).toEqual({
    ...{ shell: 'chromium', version: expect.stringMatching(/^Chrome\//), restarts: said.restarts },
    connectedMs: expect.any(Number),
    shown: { screen: 'question', agoMs: expect.any(Number) },
  });
});

test('a shell that was killed takes its browser with it, and the next one shows the question', async () => {
  const left = below(shell.pid);
  signal('SIGKILL', [{ pid: shell.pid, words: '' }]);
  await pause(RESTART_SEC * 1_000);
  await startShell(true);
  await poll(() => left.every(({ pid }) => !isAlive(pid)), {
    what: 'the end of what it had started',
    ...BACK,
  });
  await asked(0);
});
