/*
 * An office's recordings on their way: uploaded at the hub they lie at a real kiosk, by hash, and its screen names them, also
 * without the hub and after a start of its own; replaced, switched off or removed they are gone from both.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KioskSettings } from '@hailong/shared/protocol/instruments.ts';
import type { VoicesAnswer } from '@hailong/shared/protocol/voices.ts';
import { expect, test } from 'vitest';
import { openOffice, StationClient } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import { layerThree, opus, silentWav } from '../support/sounds.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { watchScreen } from '../support/watch-screen.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('recordings reach the kiosk, are read from there without the hub, and go when the office takes them back', async () => {
  await using folder = await tempFolder('voices');
  // The question outlives a hub's start, a kiosk's way back to it, and a push.
  await using office = await openOffice(folder.path, { closeAfterMs: 300_000 });
  const admin = new StationClient(office.url);
  const { username, password } = office.setup.users.find(({ roles }) => roles.includes('admin'))!;
  await admin.call('POST', '/api/v1/session', { username, password });
  const address = (words: string) => `/api/v1/admin/voices?${new URLSearchParams({ language: 'vi', words })}`;
  const upload = async (words: string, bytes: Uint8Array): Promise<void> => {
    const body = new FormData();
    body.append('voice', new Blob([Uint8Array.from(bytes)]), 'x');
    const { cookie, token } = admin.credentials();
    const headers = { origin: office.url, cookie, 'x-csrf-token': token };
    const answer = await fetch(`${office.url}${address(words)}`, { method: 'PUT', headers, body });
    expect(answer.status).toBe(204);
  };
  const turn = async (voices: boolean): Promise<void> => {
    const { body } = await admin.call<KioskSettings>('GET', '/api/v1/admin/kiosk-settings');
    const saved = await admin.call('PUT', '/api/v1/admin/kiosk-settings', { ...body, voices });
    expect(saved.status).toBe(200);
  };
  const blobs = join(folder.path, 'kiosk', 'blobs');
  const lie = async (what: string, ...files: Uint8Array[]): Promise<void> => {
    const wanted = files.map(hashOf).sort().join();
    const isSo = async () => {
      const names = (await readdir(blobs)).filter((name) => !name.endsWith('.part'));
      const sounds = await Promise.all(
        names.map(async (name) => ({ name, head: (await readFile(join(blobs, name))).subarray(0, 4) })),
      );
      // Officers' photos lie there too.
      const heard = sounds.filter(({ head }) => /^(OggS|RIFF|ID3)/.test(head.toString('latin1')));
      return (
        heard
          .map(({ name }) => name)
          .sort()
          .join() === wanted
      );
    };
    await poll(isSo, { what });
  };

  const { body: listed } = await admin.call<VoicesAnswer>('GET', '/api/v1/admin/voices');
  const form = listed.forms.find(({ used }) => used)!;
  const texts = form.sentences.filter(({ key }) => key === 'question' || key.startsWith('level.'));
  expect(texts.map(({ key }) => key)).toEqual([
    ...['question', 'level.5', 'level.4', 'level.3', 'level.2', 'level.1'],
  ]);
  const sounds = texts.map((_, at) => silentWav(300 + 100 * at));
  for (const [at, { text }] of texts.entries()) await upload(text.vi, sounds[at]!);
  await lie('nothing while it is off');
  await turn(true);
  await lie('all six', ...sounds);

  const { intentId } = await office.api.open(office.counter.id, ['H21-1']);
  await office.api.intent(intentId, 'accepted');
  // Another recording of one sentence: the old one goes, the new one comes.
  await upload(texts[0]!.text.vi, opus);
  await lie('the new one', opus, ...sounds.slice(1));
  const ids = [opus, ...sounds.slice(1)].map(hashOf);

  await office.hub.stop();
  await office.restartKiosk();
  const window = await watchScreen(office);
  await window.on('serving');
  window.send({ type: 'citizen.open' });
  expect((await window.on('question')).question.voices).toEqual([{ language: 'vi', clips: ids }]);
  const { origin } = new URL(String((await office.kioskLine('ready'))['ui']));
  const served = await fetch(`${origin}/voices/${ids[0]}`);
  expect([served.headers.get('content-type'), Buffer.from(await served.arrayBuffer()).equals(opus)]).toEqual([
    'audio/ogg',
    true,
  ]);

  // Taken back while the question stands there: the key goes from the screen, the bytes from both machines.
  await office.restartHub();
  expect((await admin.call('DELETE', address(texts[5]!.text.vi))).status).toBe(204);
  await poll(() => window.shown?.name !== 'question' || window.shown.question.voices === undefined, {
    what: 'no voice in part',
  });
  expect(window.shown?.name).toBe('question');
  await lie('five', opus, ...sounds.slice(1, 5));
  expect((await fetch(`${origin}/voices/${ids[5]}`)).status).toBe(404);
  await upload(texts[5]!.text.vi, layerThree);
  await lie('another sixth', opus, ...sounds.slice(1, 5), layerThree);
  await turn(false);
  await lie('none when it is off');
  const { body: now } = await admin.call<VoicesAnswer>('GET', '/api/v1/admin/voices');
  expect([now.on, now.recordings.length]).toEqual([false, 6]);
  window.close();
});
