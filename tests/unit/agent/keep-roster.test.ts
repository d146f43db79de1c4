/* Who may log in at the device: only what came over a line that nobody between can forge, and only for its days. */
import { expect, it } from 'vitest';
import { isPrivateLine, RosterKeeper } from '../../../kiosk-app/agent/application/keep-roster.ts';
import { profile } from '../../support/counter-kit.ts';

const DAY_MS = 86_400_000;

function keeperOf(trusted: boolean) {
  let kept: unknown = null;
  const now = { at: 1_795_392_000_000, mono: 1_000, boot: 'a' };
  const open = () =>
    new RosterKeeper({
      trusted,
      file: {
        read: () => kept,
        write: (value) => {
          kept = structuredClone(value);
          return true;
        },
        remove: () => {
          kept = null;
        },
      },
      clock: {
        get bootId() {
          return now.boot;
        },
        stamp: () => ({ at: now.at, mono: now.mono }),
      },
      now: () => ({ at: now.at as never, known: false }),
    });
  const told = {
    type: 'roster',
    revision: 7,
    officers: [{ profile: profile(1), verifier: 'c2VhbGVk' }],
    validMs: 30 * DAY_MS,
  } as const;
  return { open, told: told as never, now };
}

it.each([
  ['https://hub.example.vn/', true],
  ['http://127.0.0.1:8443/', true],
  ['http://localhost:8443/', true],
  ['http://[::1]:8443/', true],
  ['http://10.1.2.3:8443/', false],
  ['http://hub.example.vn/', false],
])('%s is a private line: %s', (hub, isPrivate) => {
  expect(isPrivateLine(hub)).toBe(isPrivate);
});

it('drops verifiers of a line in the clear, and keeps the names', () => {
  for (const trusted of [true, false]) {
    const { open, told } = keeperOf(trusted);
    open().keep(told);
    const again = open();
    expect(again.named('CB01')?.name).toBe('Cán bộ 1');
    expect(again.isUsable).toBe(trusted);
    expect(again.verifiable('CB01') !== null).toBe(trusted);
  }
});

it('is believed for its days, by boot time within the boot and by the clock after another', () => {
  const { open, told, now } = keeperOf(true);
  const keeper = open();
  keeper.keep(told);
  now.mono += 30 * DAY_MS;
  now.at += 300 * DAY_MS;
  expect(keeper.isUsable).toBe(true);
  now.mono += 1;
  expect(keeper.isUsable).toBe(false);
  now.boot = 'b';
  now.at -= 270 * DAY_MS;
  expect(open().isUsable).toBe(true);
  now.at += 1;
  expect(open().isUsable).toBe(false);
});
