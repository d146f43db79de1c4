/*
 * Purpose: the data folder that mutations are done to: two kiosks with real keys and several epochs, their batches
 * through the real inbox, the log sealed between, its checkpoints accepted by the kiosks and so in their signed heads.
 * Everything in it is witnessed. It is closed, so that one file is the whole of it and a copy is a copy.
 */
import { randomUUID } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { type HubKeys, loadHubKeys } from '../../../hub-server/src/adapters/keys.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { saveOfficer, saveUnit } from '../../../hub-server/src/application/directory/save-directory.ts';
import { type KeptKiosk, keptHub } from '../../support/kept-hub.ts';
import { type Place, service, walkup, withChips } from '../../support/test-device.ts';

export interface MutationOffice {
  readonly dir: string;
  readonly keys: HubKeys;
  readonly recoveryKey: string;
  readonly kiosks: readonly KeptKiosk[];
}

const ACT = { id: null, demo: false, actor: 'prove' } as const;
const MONTH_MS = 31 * 86_400_000;

export async function mutationOffice(dir: string): Promise<MutationOffice> {
  await using kept = await keptHub(dir);
  const kiosks = [await kept.enrol(), await kept.enrol()];
  const unit = await saveUnit(kept.hub.admin, { ...ACT, value: { code: 'HT', name: 'Hộ tịch' } });
  for (const code of ['CB01', 'CB02'])
    await saveOfficer(kept.hub.admin, {
      ...ACT,
      value: {
        code,
        name: `Cán bộ ${code}`,
        position: 'Chuyên viên',
        unitId: unit,
        active: true,
        pin: '123456',
      },
    });
  for (let round = 0; round < 3; round++)
    for (const kiosk of kiosks) {
      // The middle round is a month earlier than the others, so that there are two months to move between.
      kiosk.device.at += round === 1 ? -MONTH_MS : round === 2 ? MONTH_MS : 0;
      if (round > 0) kept.start(kiosk);
      const chain = kiosk.chains.at(-1)!;
      const place = startDuty(kiosk);
      for (let n = 0; n < 4; n++) {
        kiosk.device.serve(chain, place, { level: ((n % 5) + 1) as 1 | 2 | 3 | 4 | 5 });
        if (n % 2 === 1) await kept.sync(kiosk);
      }
      if (round < 2) endDuty(kiosk, place);
      await kept.sync(kiosk);
      await kept.witness(kiosk);
    }
  // A last batch each whose head names the newest checkpoint, and a checkpoint that commits to it.
  for (const kiosk of kiosks) {
    const last = kiosk.chains.at(-1)!;
    for (const body of withChips(service(kiosk.place, { level: 5 }), [['cho001'], ['tre002']]))
      kiosk.device.append(last, body);
    for (const body of walkup(kiosk.place.counter)) kiosk.device.append(last, body);
    await kept.sync(kiosk);
  }
  for (const kiosk of kiosks) await kept.witness(kiosk);
  await kept.close();
  return { dir, keys: loadHubKeys(dir), recoveryKey: kept.recoveryKey, kiosks };
}

function startDuty({ device, chains, place }: KeptKiosk): Place {
  const mine = { ...place, duty: randomUUID() };
  device.append(chains.at(-1)!, {
    ...{ type: 'duty.started', duty: mine.duty, intent: null, officer: mine.officer, officerCode: 'CB01' },
    ...{ unit: mine.unit, counter: mine.counter },
  } as EventBody);
  return mine;
}

function endDuty({ device, chains }: KeptKiosk, { duty }: Place): void {
  device.append(chains.at(-1)!, { type: 'duty.ended', duty, intent: null, reason: 'logout' } as EventBody);
}

/** A fresh copy of its data to be spoilt. */
export function copyOffice(office: MutationOffice, into: string): string {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true, mode: 0o700 });
  copyFileSync(databaseFile(office.dir), databaseFile(into));
  cpSync(join(office.dir, 'keys'), join(into, 'keys'), { recursive: true });
  return into;
}
