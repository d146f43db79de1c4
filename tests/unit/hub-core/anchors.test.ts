/*
 * Purpose: what dates a kiosk's facts: an anchor that this hub's own key signed for that very kiosk, and nothing else. A
 * real data folder with real keys and chains.
 */
import { randomBytes } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type KeptHub, type KeptKiosk, keptHub } from '../../support/kept-hub.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import type { Chain } from '../../support/test-device.ts';

let folder: TempFolder;
let kept: KeptHub;
let kiosk: KeptKiosk;
let chain: Chain;

beforeEach(async () => {
  folder = await tempFolder('anchors');
  kept = await keptHub(`${folder.path}/hub`);
  kiosk = await kept.enrol();
  chain = kiosk.chains[0]!;
}, 30_000);
afterEach(async () => {
  await kept?.close();
  await folder?.remove();
});

const NOW = Date.UTC(2026, 9, 15);
const JUNE = Date.UTC(2026, 5, 15);

function anchor(hubAt: number, change: { rttMs?: number; sig?: string; of?: string } = {}): void {
  const nonce = randomBytes(16).toString('base64url');
  const text = `hailong-anchor-v1\n${change.of ?? kiosk.device.device}\n${nonce}\n${hubAt}`;
  const sig = change.sig ?? kept.hub.keys.sign(Buffer.from(text));
  const { rttMs = 40 } = change;
  kiosk.device.append(chain, { type: 'time.anchor', hubAt, rttMs, nonce, sig } as EventBody);
}
const finishedAt = async (transaction: string): Promise<number | null> =>
  (await kept.hub.storage.views.transaction({ id: transaction, now: Date.now() }))?.finishedAt ?? null;

test('a kiosk dates no rating by an anchor that this hub did not sign for it', async () => {
  const { device, place } = kiosk;
  device.at = NOW;
  const transaction = device.serve(chain, place, { level: 5 });
  const claimed = NOW + 2_000;
  anchor(JUNE, { sig: device.signText('anything') });
  anchor(JUNE, { sig: '' });
  anchor(JUNE, { of: 'ab'.repeat(32) });
  anchor(JUNE, { rttMs: 10_001 });
  anchor(JUNE, { rttMs: 2 ** 43 });
  await kept.sync(kiosk);
  expect(await finishedAt(transaction)).toBe(claimed);
  anchor(JUNE);
  const since = device.mono;
  const [finished] = chain.bytes
    .map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as { mono: number; body: { type: string } })
    .filter(({ body }) => body.type === 'transaction.finished');
  await kept.sync(kiosk);
  expect(await finishedAt(transaction)).toBe(JUNE + 20 + (finished?.mono ?? 0) - since);
  expect(await kept.hub.storage.inbox.aside({ limit: 10 })).toEqual([]);
});
