/**
 * The hub's storage with both connections served in this thread: the same ports, groups and files, without loading every
 * store twice for each fresh folder. Threads of their own are what the flows and tests/unit/hub-core/storage.test.ts use.
 */
import { type Served, serveCalls } from '../../hub-server/src/adapters/sqlite/serve-calls.ts';
import {
  type OpenStorage,
  openStorage,
  type Serving,
} from '../../hub-server/src/adapters/sqlite/sqlite-storage.ts';

function serveHere(served: Served): Serving {
  const ended = new Promise<void>((resolve) => served.port.once('close', () => resolve()));
  serveCalls(served);
  return { failed: new Promise(() => undefined), ended };
}

export const openStorageHere = (dataDir: string): Promise<OpenStorage> => openStorage(dataDir, serveHere);
