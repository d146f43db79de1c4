/*
 * A form saved in the administration reaches a real kiosk, which chooses it by itself where it is used, with the hub gone and
 * after a start of its own; the version that was asked stands in the chain.
 */
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import type { RatingsAnswer } from '@hailong/shared/protocol/http.ts';
import type { InstrumentsAnswer } from '@hailong/shared/protocol/instruments.ts';
import { expect, test } from 'vitest';
import { openOffice, StationClient } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { watchScreen } from '../support/watch-screen.ts';

test('a saved version is asked where it is used, by a kiosk that started anew without the hub', async () => {
  await using folder = await tempFolder('forms');
  await using office = await openOffice(folder.path);
  const admin = new StationClient(office.url);
  const { username, password } = office.setup.users.find(({ roles }) => roles.includes('admin'))!;
  await admin.call('POST', '/api/v1/session', { username, password });
  const put = async (path: string, body: object): Promise<void> => {
    expect((await admin.call('PUT', `/api/v1/admin/${path}`, body)).status).toBe(200);
  };
  const { items } = (await admin.call<InstrumentsAnswer>('GET', '/api/v1/admin/instruments')).body;
  const held = items.find(({ instrument }) => instrument.id === 'tt01-2018')!.instrument;
  const returned = { counterId: null, procedureCode: null, stage: 'return' };
  await put('instrument-uses', { ...returned, instrument: { id: held.id, version: 1 } });
  const changed: Instrument = structuredClone(held);
  changed.criteria[0]!.name.vi = 'Hồ sơ được giải quyết lúc nào?';
  await put('instruments/tt01-2018', { base: 1, inUse: true, instrument: changed });

  const { intentId, transactionId } = await office.api.open(office.counter.id, ['H21-1']);
  await office.api.intent(intentId, 'accepted');
  await office.hub.stop();
  await office.restartKiosk();
  const window = await watchScreen(office);
  await window.on('serving');
  window.send({ type: 'citizen.open' });
  const { question } = await window.on('question');
  expect([question.text.vi, question.steps]).toEqual(['Hồ sơ được giải quyết lúc nào?', 4]);
  expect(question.levels.map(({ word }) => word.vi)).toEqual(['Trước hẹn', 'Đúng hẹn', 'Trễ hẹn']);
  window.close();

  await office.restartHub();
  await poll(
    async () => {
      const { status, body } = await office.api.call<RatingsAnswer>(
        'GET',
        `/api/v1/transactions/${transactionId}/ratings`,
      );
      return status === 200 && body.instrument?.id === 'tt01-2018' && body.instrument.version === 2;
    },
    { what: 'the version in the chain' },
  );
});
