/* What of the configuration a screen shows: the notice of a camera that there is, last month, and approved languages. */
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import type { FurtherLanguage } from '@hailong/shared/model/counter-config.ts';
import { type Screen, screen } from '@hailong/shared/protocol/ui.ts';
import { expect, it } from 'vitest';
import { FORM_WITH_CHIPS, finish, MemoryCounter, open, start } from '../../support/counter-kit.ts';

const office = { name: 'Trung tâm', place: 'Hà Nội', phone: '19001009', retentionDays: 30 };
const counterOf = { id: 'c', number: '5', name: 'Quầy 5', unitId: 'u', active: true };
const shown = (counter: MemoryCounter, more: object = {}): Screen =>
  screen.parse(
    screenOf(counter.state, {
      ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => false },
      ...{ config: { office, counter: counterOf, ...more } as never, ticketOf: () => null },
    }),
  );
function onDuty(): MemoryCounter {
  const counter = new MemoryCounter();
  counter.rules = { instrument: FORM_WITH_CHIPS };
  counter.intent(start(1));
  return counter;
}
const { id, version } = FORM_WITH_CHIPS;
const language = (approved: boolean, texts: Record<string, string>, of = version): FurtherLanguage => ({
  ...{ code: 'fr', approved },
  texts: Object.entries(texts).map(([key, text]) => ({ instrument: { id, version: of }, key, text })),
});

it('tells of a camera where one sees the counter, with its own days', () => {
  const counter = onDuty();
  const notice = (more: object) => shown(counter, more).notice;
  expect(notice({})).toEqual({ retentionDays: 30, phone: '19001009' });
  expect(notice({ camera: { retentionDays: 15 } })).toEqual({ retentionDays: 15, phone: '19001009' });
  expect(notice({ camera: null })).toBeNull();
});

it('says at rest what became of last month’s feedback, where the hub said it', () => {
  const counter = onDuty();
  const lastMonth = { month: '2026-10', received: 14, mended: 12 };
  expect(shown(counter, { lastMonth })).toMatchObject({
    name: 'rest',
    lastMonth: { received: 14, mended: 12 },
  });
  expect(shown(counter, { lastMonth: null })).toMatchObject({ lastMonth: null });
  expect(shown(counter)).toMatchObject({ lastMonth: null });
});

it('offers an approved language and shows what it has of this very form; the rest stays English', () => {
  const counter = onDuty();
  counter.intent(open(1));
  counter.intent(finish(1));
  const texts = {
    question: 'Satisfait ?',
    'level.5': 'Très',
    'criterion.attitude': 'Accueil',
    'chip.cao000': 'Aimable',
  };
  const languages = [language(true, texts)];
  const question = shown(counter, { languages });
  expect(question.languages).toEqual(['fr']);
  expect(question).toMatchObject({
    question: {
      text: { further: { fr: 'Satisfait ?' } },
      levels: [{ word: { further: { fr: 'Très' } } }, {}, {}, {}, {}],
    },
  });
  expect(question.name === 'question' && question.question.levels[1]!.word).not.toHaveProperty('further');
  counter.tap(5);
  expect(shown(counter, { languages })).toMatchObject({ question: { text: { further: { fr: 'Accueil' } } } });
  counter.tap(5);
  counter.tap(5);
  expect(shown(counter, { languages })).toMatchObject({
    name: 'chips',
    chips: [{ key: 'cao000', word: { further: { fr: 'Aimable' } } }, ...Array(7).fill({})],
  });
});

it('offers none that nobody approved, nor texts of another version', () => {
  const counter = onDuty();
  counter.intent(open(1));
  counter.intent(finish(1));
  const waiting = shown(counter, { languages: [language(false, { question: 'Satisfait ?' })] });
  expect(waiting).not.toHaveProperty('languages');
  expect(JSON.stringify(waiting)).not.toContain('Satisfait');
  const older = shown(counter, { languages: [language(true, { question: 'Satisfait ?' }, version + 1)] });
  expect(JSON.stringify(older)).not.toContain('Satisfait');
});
