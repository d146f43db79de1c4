/* A form is whole or refused: chips for each level exactly once, keys once; and which form is used where. */
import { readFileSync } from 'node:fs';
import { type InstrumentUse, instrumentUseAt, textKey } from '@hailong/shared/model/counter-config.ts';
import { chipsAt, type Instrument, instrument } from '@hailong/shared/model/instrument.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inRepo } from '../../support/paths.ts';

const sample = JSON.parse(
  readFileSync(inRepo('tests/vectors/events/edge/hub-counter.config-forms.json'), 'utf8'),
).message;
const tap: Instrument = instrument.parse(sample.instrument);
const form: Instrument = instrument.parse(sample.instruments[0]);
const [low, high] = tap.chips!;

describe('chips', () => {
  it('are those of the level that was given, eight of them', () => {
    const keys = ([1, 2, 3, 4, 5] as const).map((level) => chipsAt(tap, level)?.map(({ key }) => key));
    expect(new Set(keys.slice(0, 3).map(String)).size).toBe(1);
    expect(keys.map((each) => each?.length)).toEqual([8, 8, 8, 8, 8]);
    expect(keys[0]).not.toEqual(keys[4]);
    expect(chipsAt({ ...tap, chips: undefined }, 1)).toBeNull();
  });

  it.each<[string, Instrument['chips']]>([
    ['a level without any', [{ ...low!, levels: [1, 2] }, high!]],
    ['a level with two sets', [low!, { ...high!, levels: [3, 4, 5] }]],
    ['a key in two sets', [low!, { ...low!, levels: [4, 5] }]],
    ['seven of them', [{ ...low!, chips: low!.chips.slice(1) }, high!]],
  ])('are refused with %s', (_name, chips) => {
    expect(instrument.safeParse({ ...tap, chips }).success).toBe(false);
  });

  it('are refused for a level that the form does not have', () => {
    const levels = tap.levels.filter(({ key }) => key !== 3);
    expect(instrument.safeParse({ ...tap, levels }).success).toBe(false);
    expect(
      instrument.safeParse({ ...tap, levels, chips: [{ ...low!, levels: [1, 2] }, high!] }).success,
    ).toBe(true);
  });
});

describe('an instrument', () => {
  it('names no criterion twice, nor like the questions that every form has', () => {
    const [first] = tap.criteria;
    for (const criteria of [[first, first], [{ ...first, key: 'overall' }], [{ ...first, key: 'chips' }]])
      expect(instrument.safeParse({ ...tap, criteria }).success).toBe(false);
  });

  it('of kind form has criteria with answers of their own, and no chips', () => {
    expect(form.criteria[0]?.options?.map(({ key, points }) => [key, points])).toEqual([
      [5, 2],
      [3, 1],
      [1, 0],
    ]);
    expect(instrument.safeParse({ ...form, chips: tap.chips }).success).toBe(false);
    expect(instrument.safeParse({ ...form, criteria: [] }).success).toBe(false);
    const [{ options, ...bare }] = form.criteria as [(typeof form.criteria)[number]];
    expect(instrument.safeParse({ ...form, criteria: [bare] }).success).toBe(false);
    const twice = { ...bare, options: [options![0], options![0]] };
    expect(instrument.safeParse({ ...form, criteria: [twice] }).success).toBe(false);
  });

  it('of before chips and kinds is read as it was', () => {
    const { kind: _kind, chips: _chips, ...old } = tap;
    expect(instrument.parse(old)).toEqual(old);
  });
});

describe('the form in use', () => {
  const ref = (id: string) => ({ id, version: 1 });
  const uses: InstrumentUse[] = [
    { procedure: null, stage: null, instrument: ref('all') },
    { procedure: null, stage: 'return', instrument: ref('stage') },
    { procedure: '1.004221', stage: null, instrument: ref('procedure') },
    { procedure: '1.004221', stage: 'return', instrument: ref('both') },
  ];
  it('is the most exact one, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(uses, { minLength: 4 }), (given) => {
        const at = (procedure: string | null, stage: 'return' | 'reception') =>
          instrumentUseAt(given, { procedure, stage })?.instrument.id;
        expect(at('1.004221', 'return')).toBe('both');
        expect(at('1.004221', 'reception')).toBe('procedure');
        expect(at('2.000001', 'return')).toBe('stage');
        expect(at(null, 'return')).toBe('stage');
        expect(at(null, 'reception')).toBe('all');
      }),
    );
  });
  it('is the counter’s own where no use fits', () => {
    expect(instrumentUseAt(uses.slice(1), { procedure: null, stage: 'advice' })).toBeNull();
    expect(instrumentUseAt([], { procedure: '1.004221', stage: 'return' })).toBeNull();
  });
});

describe('the key of a text', () => {
  it.each(['question', 'level.5', 'criterion.attitude', 'option.time.3', 'chip.chua01'])(
    'may be %s',
    (key) => {
      expect(textKey.safeParse(key).success).toBe(true);
    },
  );
  it.each(['', 'level.6', 'level.', 'criterion.Attitude', 'option.time', 'chip.chua1', 'name'])(
    'is not “%s”',
    (key) => {
      expect(textKey.safeParse(key).success).toBe(false);
    },
  );
});
