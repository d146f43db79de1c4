/* The office's recordings: taken by their bytes, named by the words they read, played back, told to kiosks, gone when removed. */
import { createHash } from 'node:crypto';
import { voicesAnswer } from '@hailong/shared/protocol/voices.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { counterConfig } from '../../../hub-server/src/application/kiosks/counter-screen.ts';
import { CounterScreens } from '../../../hub-server/src/application/kiosks/counter-screens.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { layerThree, opus, silentWav } from '../../support/sounds.ts';
import { type Caller, type Office, openOffice } from './office.ts';

let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let admin: Caller;
beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  admin = await office.login('quantri');
  const first = { id: 'hai-long-5', version: 2 };
  await office.admin.storage.instruments.seed({ instruments: SEED_INSTRUMENTS, first, at: 1_000 });
});
afterAll(() => office.close());

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const address = (words: string, language = 'vi') =>
  `/api/v1/admin/voices?${new URLSearchParams({ language, words })}`;
async function upload(words: string, bytes: Buffer, { language = 'vi', field = 'voice' } = {}) {
  const edge = 'xxEDGExx';
  const head = `--${edge}\r\nContent-Disposition: form-data; name="${field}"; filename="a.ogg"\r\nContent-Type: audio/ogg\r\n\r\n`;
  const payload = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${edge}--\r\n`)]);
  const answer = await admin.call('PUT', address(words, language), payload, {
    'content-type': `multipart/form-data; boundary=${edge}`,
  });
  return answer.statusCode === 204 ? 204 : answer.json().code;
}
const held = async () => voicesAnswer.parse((await admin.call('GET', '/api/v1/admin/voices')).json());
const told = async () =>
  counterConfig(
    await new CounterScreens(office.storage.screens).ofCounter({
      ...{ counterId: seeded.counters[0], withPins: false },
    }),
  )!;
const turn = async (isOn: boolean) => {
  const settings = (await admin.call('GET', '/api/v1/admin/kiosk-settings')).json();
  await admin.call('PUT', '/api/v1/admin/kiosk-settings', { ...settings, voices: isOn });
};
const form = SEED_INSTRUMENTS.findLast(({ id }) => id === 'hai-long-5')!;
const [best, question] = [form.levels[0]!.word.vi, form.question.vi];

it('lists what can be recorded: forms in use first, each sentence once, no chips', async () => {
  const { on, forms, recordings } = await held();
  expect([on, recordings]).toEqual([false, []]);
  expect(forms.map(({ instrument, used }) => [instrument.id, used])).toEqual([
    ['hai-long-5', true],
    ['hai-long-3', false],
    ['hai-long-4', false],
    ['tt01-2018', false],
  ]);
  const keys = forms[0]!.sentences.map(({ key }) => key);
  expect(keys.slice(0, 7)).toEqual([
    ...['question', 'level.5', 'level.4', 'level.3', 'level.2', 'level.1'],
    'criterion.attitude',
  ]);
  expect(keys.filter((key) => key.startsWith('chip'))).toEqual([]);
  expect(forms[3]!.sentences[1]?.key).toMatch(/^option\.tieu_chi_1\.\d$/);
});

it('takes a recording by its bytes, plays it, and refuses what is none or what nobody asks', async () => {
  expect(await upload(best, opus)).toBe(204);
  expect((await held()).recordings).toEqual([
    {
      ...{ language: 'vi', words: best, sha256: hashOf(opus), mediaType: 'audio/ogg' },
      ...{ durationMs: 600, bytes: opus.length },
    },
  ]);
  const played = await admin.call('GET', `/api/v1/admin/voices/${hashOf(opus)}`);
  expect(played.rawPayload.equals(opus)).toBe(true);
  expect(played.headers).toMatchObject({ 'content-type': 'audio/ogg', 'cache-control': 'no-store' });
  const { rows } = (await admin.call('GET', '/api/v1/admin/audit')).json();
  expect(rows[0]).toMatchObject({ action: 'voice.saved', object: `voice:vi ${best}`, actor: 'user:quantri' });
  expect(office.core.told.at(-1)?.verb).toBe('directoryChanged');

  expect(await upload(best, Buffer.from('<audio src=x onerror=alert(1)>'))).toBe('voice.invalid');
  expect(await upload(best, Buffer.concat([silentWav(1_000), Buffer.alloc(3_000_000)]))).toBe(
    'voice.invalid',
  );
  expect(await upload(best, silentWav(30_000))).toBe('voice.invalid');
  expect(await upload(best, opus, { field: 'photo' })).toBe('request.invalid');
  expect(await upload('Không ai hỏi câu này', opus)).toBe('reference.unknown');
  expect(await upload(best, opus, { language: 'en' })).toBe('reference.unknown');
  expect((await held()).recordings).toHaveLength(1);
  // Nor is a recording served as a photo.
  expect((await admin.call('GET', `/api/v1/photos/${hashOf(opus)}`)).statusCode).toBe(404);
});

it('is told to kiosks when switched on, for every form that has these words', async () => {
  const clip = (key: string, bytes: Buffer) => ({
    ...{ language: 'vi', instrument: { id: 'hai-long-5', version: 2 }, key, sha256: hashOf(bytes) },
  });
  expect((await told()).voices).toEqual([]);
  await turn(true);
  expect((await told()).voices).toEqual([clip('level.5', opus)]);
  await upload(question, layerThree);
  expect((await told()).voices).toEqual([clip('question', layerThree), clip('level.5', opus)]);
  const place = { counterId: null, procedureCode: null, stage: 'refusal' };
  const short = { id: 'hai-long-4', version: 1 };
  await admin.call('PUT', '/api/v1/admin/instrument-uses', { ...place, instrument: short });
  const both = (await told()).voices!;
  expect(both.filter(({ instrument: { id } }) => id === 'hai-long-4').map(({ key }) => key)).toEqual(
    SEED_INSTRUMENTS.find(({ id }) => id === 'hai-long-4')!.levels.some(({ word }) => word.vi === best)
      ? ['question', 'level.5']
      : ['question'],
  );
  await admin.call('PUT', '/api/v1/admin/instrument-uses', { ...place, instrument: null });
});

it('a changed sentence loses its voice until it is read anew; the old one can still be removed', async () => {
  const changed = structuredClone(form);
  changed.levels[0]!.word.vi = 'Rất vừa lòng';
  const save = { base: 2, inUse: true, instrument: changed };
  expect((await admin.call('PUT', '/api/v1/admin/instruments/hai-long-5', save)).statusCode).toBe(200);
  expect((await told()).voices?.map(({ key }) => key)).toEqual(['question']);
  expect(await upload('Rất vừa lòng', layerThree)).toBe(204);
  expect((await told()).voices?.map(({ key }) => key)).toEqual(['question', 'level.5']);
});

it('replaced or removed, its bytes are gone from the hub, unless another sentence is read by them', async () => {
  const bytesOf = async (bytes: Buffer) =>
    (await admin.call('GET', `/api/v1/admin/voices/${hashOf(bytes)}`)).statusCode;
  const remove = async (words: string) => (await admin.call('DELETE', address(words))).statusCode;
  expect(await upload(question, silentWav(900))).toBe(204);
  // It reads another sentence too.
  expect(await bytesOf(layerThree)).toBe(200);
  expect(await remove('Rất vừa lòng')).toBe(204);
  expect(await bytesOf(layerThree)).toBe(404);
  expect(await remove('Rất vừa lòng')).toBe(404);
  expect(await remove(best)).toBe(204);
  expect([await bytesOf(opus), await bytesOf(silentWav(900))]).toEqual([404, 200]);
  const { rows } = (await admin.call('GET', '/api/v1/admin/audit')).json();
  expect(rows[0]).toMatchObject({ action: 'voice.removed', object: `voice:vi ${best}` });
  await turn(false);
  expect((await told()).voices).toEqual([]);
  // What is read is kept while it is off.
  expect((await held()).recordings).toHaveLength(1);
});
