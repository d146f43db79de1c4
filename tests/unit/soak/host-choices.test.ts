/* A soak that failed can be done again: the hosts choose by their seed alone, as citizens and mischief do. */
import { expect, test } from 'vitest';
import { hostChoices } from '../../soak/host-choices.ts';

const MANY = 2_000;
const times = <T>(choose: () => T): T[] => Array.from({ length: MANY }, choose);

test('the same seed asks the same questions with the same tickets, rests alike and dies at the same press', () => {
  const life = (seed: number) => {
    const choices = hostChoices(seed);
    return times(() => [choices.ticket(), choices.wanted(), choices.restMs(), choices.dies(0.01)]);
  };
  expect(life(7)).toEqual(life(7));
  expect(life(8)).not.toEqual(life(7));
});

test('presses that came before change nothing of the next question', () => {
  const [quiet, pressed] = [hostChoices(7), hostChoices(7)];
  times(() => pressed.dies(0.01));
  expect(times(pressed.ticket)).toEqual(times(quiet.ticket));
  expect(times(pressed.wanted)).toEqual(times(quiet.wanted));
});

test('two lives share no ticket, and none is 0', () => {
  const tickets = [1, 2].flatMap((seed) => times(hostChoices(seed).ticket));
  expect(new Set(tickets).size).toBe(tickets.length);
  expect(tickets.every((ticket) => Number.isInteger(ticket) && ticket > 0 && ticket < 2 ** 32)).toBe(true);
});

test('most questions want one answer, some want four; a host that may not die never does', () => {
  const choices = hostChoices(3);
  const wanted = times(choices.wanted);
  expect(new Set(wanted)).toEqual(new Set([1, 4]));
  const single = wanted.filter((one) => one === 1).length / MANY;
  expect(single).toBeGreaterThan(0.65);
  expect(single).toBeLessThan(0.75);
  expect(times(choices.restMs).every((ms) => ms >= 20 && ms < 120)).toBe(true);
  expect(times(() => choices.dies(0)).includes(true)).toBe(false);
  expect(times(() => choices.dies(0.01)).includes(true)).toBe(true);
});
