/* Files whose own times are not to be believed. */
import { expect, it } from 'vitest';
import { placeLeapt } from '../../../hub-server/src/recorder/domain/place-leapt.ts';

const span = (mediaStartMs: number, mediaEndMs: number) => ({ mediaStartMs, mediaEndMs });

it('ends where the wall let it, and is as long as its pictures: a pause before it is none of its time', () => {
  expect(placeLeapt(span(20_000, 24_000), 4_000)).toEqual(span(20_000, 24_000));
  expect(placeLeapt(span(20_000, 29_000), 4_000)).toEqual(span(25_000, 29_000));
});

it('never begins before what lies before it, however long the leap made it', () => {
  expect(placeLeapt(span(20_000, 24_000), 10_800_000)).toEqual(span(20_000, 24_000));
});

it('gives pictures without a length theirs, and none before the run began', () => {
  expect(placeLeapt(span(20_000, 20_000), 80)).toEqual(span(19_920, 20_000));
  expect(placeLeapt(span(0, 0), 80)).toEqual(span(0, 80));
});
