/*
 * Purpose: the data folder that mutations are done to: two kiosks with real keys and several epochs, their batches
 * through the real inbox, the log sealed between, its checkpoints accepted by the kiosks and so in their signed heads.
 * Everything in it is witnessed. It is closed, so that one file is the whole of it and a copy is a copy.
 */
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type HubKeys, loadHubKeys } from '../../../hub-server/src/adapters/keys.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { type KeptKiosk, keptHub } from '../../support/kept-hub.ts';

export interface MutationOffice {
  readonly dir: string;
  readonly keys: HubKeys;
  readonly kiosks: readonly KeptKiosk[];
}

const MONTH_MS = 31 * 86_400_000;

export async function mutationOffice(dir: string): Promise<MutationOffice> {
  await using kept = await keptHub(dir);
  const kiosks = [await kept.enrol(), await kept.enrol()];
  for (let round = 0; round < 3; round++)
    for (const kiosk of kiosks) {
      // The middle round is a month earlier than the others, so that there are two months to move between.
      kiosk.device.at += round === 1 ? -MONTH_MS : round === 2 ? MONTH_MS : 0;
      if (round > 0) kept.start(kiosk);
      const chain = kiosk.chains.at(-1)!;
      for (let n = 0; n < 4; n++) {
        kiosk.device.serve(chain, kiosk.place, { level: ((n % 5) + 1) as 1 | 2 | 3 | 4 | 5 });
        if (n % 2 === 1) await kept.sync(kiosk);
      }
      await kept.witness(kiosk);
    }
  // A last batch each whose head names the newest checkpoint, and a checkpoint that commits to it.
  for (const kiosk of kiosks) {
    kiosk.device.serve(kiosk.chains.at(-1)!, kiosk.place, { level: 5 });
    await kept.sync(kiosk);
  }
  for (const kiosk of kiosks) await kept.witness(kiosk);
  await kept.close();
  return { dir, keys: loadHubKeys(dir), kiosks };
}

/** A fresh copy of its data to be spoilt. */
export function copyOffice(office: MutationOffice, into: string): string {
  rmSync(into, { recursive: true, force: true });
  mkdirSync(into, { recursive: true, mode: 0o700 });
  copyFileSync(databaseFile(office.dir), databaseFile(into));
  cpSync(join(office.dir, 'keys'), join(into, 'keys'), { recursive: true });
  return into;
}
