/* A configuration goes from group to group only where it did well, and back for everybody where it did not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  forceRollout,
  type Rollout,
  type RolloutKiosk,
  type RolloutRule,
  retryRollout,
  revisionFor,
  stepRollout,
} from '../../../hub-server/src/domain/fleet/rollout-machine.ts';

const MINUTE = 60_000;
const RULE: RolloutRule = { stages: 2, soakMs: 30 * MINUTE, confirmMs: 5 * MINUTE, sickShare: 0 };
const AT = 1_000_000_000;
const kiosk = (
  device: string,
  stage: number,
  confirmed: number | null,
  seenAgo = 0,
  ill = false,
  at = AT,
): RolloutKiosk => ({
  ...{ device, stage, confirmed, ill, lastSeenAt: at - seenAgo },
});
const before = stepRollout(null, 1, [], RULE, AT);
const started = (kiosks: readonly RolloutKiosk[] = []) => stepRollout(before, 2, kiosks, RULE, AT);

test('the first content is everybody’s; another goes to the first group alone', () => {
  expect(before).toMatchObject({ state: 'done', to: 1 });
  expect(started()).toMatchObject({ state: 'running', from: 1, to: 2, stage: 1 });
  expect([1, 2].map((stage) => revisionFor(started(), stage))).toEqual([2, 1]);
});

test('well for the whole time, it goes on, and is done after the last group', () => {
  const at = (ms: number) => AT + ms;
  const all = (ms: number, second: number) => [
    kiosk('a', 1, 2, 0, false, at(ms)),
    kiosk('b', 2, second, 0, false, at(ms)),
  ];
  expect(stepRollout(started(), 2, all(29 * MINUTE, 1), RULE, at(29 * MINUTE))).toMatchObject({ stage: 1 });
  const second = stepRollout(started(), 2, all(30 * MINUTE, 1), RULE, at(30 * MINUTE));
  expect(second).toMatchObject({ state: 'running', stage: 2 });
  expect(revisionFor(second, 2)).toBe(2);
  const done = stepRollout(second, 2, all(60 * MINUTE, 2), RULE, at(60 * MINUTE));
  expect(done).toMatchObject({ state: 'done', reason: null });
});

test('one that gets worse sends it back for all; one that was ill before does not', () => {
  const ill = kiosk('a', 1, 2, 0, true);
  const back = stepRollout(started(), 2, [ill], RULE, AT + MINUTE);
  expect(back).toMatchObject({ state: 'rolled_back', reason: 'health 1/1' });
  expect([1, 2].map((stage) => revisionFor(back, stage))).toEqual([1, 1]);
  expect(stepRollout(started([ill]), 2, [ill], RULE, AT + MINUTE)).toMatchObject({ state: 'running' });
});

test('one that took it and fell silent, or is heard and never confirms, sends it back', () => {
  const silent = kiosk('a', 1, 2, 8 * MINUTE, false, AT + 10 * MINUTE);
  expect(stepRollout(started(), 2, [silent], RULE, AT + 10 * MINUTE)).toMatchObject({ reason: 'health 1/1' });
  const deaf = kiosk('a', 1, 1, 0, false, AT + 6 * MINUTE);
  expect(stepRollout(started(), 2, [deaf], RULE, AT + 4 * MINUTE)).toMatchObject({ state: 'running' });
  expect(stepRollout(started(), 2, [deaf], RULE, AT + 6 * MINUTE)).toMatchObject({
    reason: 'unconfirmed 1/1',
  });
});

test('a group that is away is waited for; one without kiosks is not', () => {
  const away = kiosk('a', 1, 1, 60 * MINUTE);
  const later = AT + 24 * 60 * MINUTE;
  expect(stepRollout(started(), 2, [away], RULE, later)).toMatchObject({ state: 'running', stage: 1 });
  expect(stepRollout(started(), 2, [kiosk('b', 2, 1)], RULE, AT + 30 * MINUTE)).toMatchObject({ stage: 2 });
});

test('another change meanwhile starts anew from what was good; people may force it or try again', () => {
  expect(stepRollout(started(), 3, [], RULE, AT)).toMatchObject({ from: 1, to: 3, stage: 1 });
  const back = stepRollout(started(), 2, [kiosk('a', 1, 2, 0, true)], RULE, AT);
  expect(stepRollout(back, 3, [], RULE, AT)).toMatchObject({ from: 1, to: 3, state: 'running' });
  expect(retryRollout(back, [], AT)).toMatchObject({ from: 1, to: 2, state: 'running', reason: null });
  expect(forceRollout(back, RULE, AT)).toMatchObject({ state: 'done', to: 2 });
  expect(stepRollout(before, 2, [], { ...RULE, stages: 1 }, AT)).toMatchObject({ state: 'done', to: 2 });
});

test('whatever happens, nobody is told content that neither is good nor was given to their group', () => {
  const step = fc.record({
    newest: fc.integer({ min: 0, max: 1 }),
    passMs: fc.integer({ min: 0, max: 40 }).map((minutes) => minutes * MINUTE),
    ills: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    seens: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 4, maxLength: 4 }),
    confirms: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let [held, newest, at]: [Rollout, number, number] = [before, 1, AT];
      let good = 1;
      for (const { newest: more, passMs, ills, seens, confirms } of steps) {
        newest += more;
        at += passMs;
        const kiosks = [1, 1, 2, 2].map((stage, n) => {
          const told = revisionFor(held, stage);
          return kiosk(`${n}`, stage, confirms[n] ? told : null, (seens[n] ?? 0) * MINUTE, ills[n], at);
        });
        const next = stepRollout(held, newest, kiosks, RULE, at);
        if (next.state === 'done') good = next.to;
        else expect(next.from).toBe(good);
        for (const stage of [1, 2]) {
          const told = revisionFor(next, stage);
          if (told !== good) expect(next).toMatchObject({ state: 'running', to: told });
          if (told !== good) expect(stage).toBeLessThanOrEqual(next.stage);
        }
        // A group is only reached by way of the one before.
        if (next.to === held.to && held.state === 'running')
          expect(next.stage - held.stage).toBeLessThanOrEqual(1);
        held = next;
      }
    }),
  );
});
