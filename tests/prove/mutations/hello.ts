/*
 * Purpose: a kiosk says hello to spoilt data, by the code of both programs (tests/support/kiosk-line.ts), the hub's stores
 * on one connection without their threads. Answers the alarms that the kiosk raised by itself.
 */
import type Database from 'better-sqlite3';
import type { HubKeys } from '../../../hub-server/src/adapters/keys.ts';
import type { Op } from '../../../hub-server/src/adapters/sqlite/op.ts';
import type { Storage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { stores } from '../../../hub-server/src/adapters/sqlite/stores.ts';
import type { KeptKiosk } from '../../support/kept-hub.ts';
import { HubSide, kioskMemory, speak } from '../../support/kiosk-line.ts';

function portsOver(db: Database.Database): Storage {
  return Object.fromEntries(
    Object.entries(stores as unknown as Record<string, Record<string, Op<unknown, unknown>>>).map(
      ([name, store]) => [
        name,
        Object.fromEntries(
          Object.entries(store).map(([op, { run }]) => [op, async (input: unknown) => run(db, input)]),
        ),
      ],
    ),
  ) as unknown as Storage;
}

/** The kiosk is left as it was: the next spoilt copy meets the same one. */
export async function helloTo(db: Database.Database, keys: HubKeys, kiosk: KeptKiosk): Promise<string[]> {
  const { checkpoint, at } = kiosk.device;
  const hub = new HubSide(portsOver(db), keys, () => at + 60_000);
  const alarms = await speak(hub, { ...kiosk }, kioskMemory(kiosk));
  kiosk.device.checkpoint = checkpoint;
  return [...new Set(alarms)];
}
