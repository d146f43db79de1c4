/**
 * What the machine says of its own time: which boot this is, and whether NTP has set the clock (the kernel's word, through systemd).
 * Refuses: nothing; where it cannot be asked, nobody knows.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { MonotonicMs, Timers } from '@hailong/shared/time.ts';

/** As the kernel says through systemd, asked at that moment; waiting: NTP is to set the clock, and has not yet. */
export interface NtpWord {
  readonly state: 'synchronised' | 'waiting' | 'unknown';
  readonly askedMonoMs: number;
}

const run = promisify(execFile);
const ASK_MS = 3_000;
const SOON_MS = 10_000;
const LATER_MS = 60_000;

/** `unknown`: on a machine that names no boot each process is one. */
export function bootId(unknown: string): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return unknown;
  }
}

async function ask(program: string): Promise<NtpWord['state'] | null> {
  try {
    const { stdout } = await run(program, ['show', '-p', 'NTP', '-p', 'NTPSynchronized'], {
      timeout: ASK_MS,
    });
    if (/^NTPSynchronized=yes$/m.test(stdout)) return 'synchronised';
    return /^NTP=yes$/m.test(stdout) ? 'waiting' : 'unknown';
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT' ? null : 'unknown';
  }
}

/** Asked now, and again: soon while it is not settled. `HAILONG_TIMEDATECTL` names another program than systemd's. */
export async function watchNtp(
  timers: Timers,
  monotonic: () => MonotonicMs,
): Promise<{ readonly ntp: () => NtpWord; stop(): void }> {
  const program = process.env['HAILONG_TIMEDATECTL'] || 'timedatectl';
  let ntp: NtpWord = { state: 'unknown', askedMonoMs: 0 };
  let cancel = (): void => undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const askedMonoMs = monotonic();
    const state = await ask(program);
    ntp = { state: state ?? 'unknown', askedMonoMs };
    if (state === null || stopped) return;
    cancel = timers.after(state === 'waiting' ? SOON_MS : LATER_MS, () => void look());
  };
  await look();
  return {
    ntp: () => ntp,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
