/* An officer whom the hub took away lies in no file of the database by name: not in free space, not in the WAL. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import { expect, it } from 'vitest';
import { wipeDeleted } from '../../../kiosk-app/agent/adapters/sqlite/open-database.ts';
import { open, profile, start } from '../../support/counter-kit.ts';
import { StoredCounter, tempData } from './store-kit.ts';

const NAME = 'Hoàng Thị Khuất Danh';
const named = { ...profile(1), name: NAME };
const duty = { ...start(1), profile: named } as Intent;

function filesWithName(path: string): string[] {
  return readdirSync(path).filter((file) => readFileSync(join(path, file)).includes(NAME));
}

it('a name is on the disk while it may be shown, and in no file afterwards', () => {
  const data = tempData();
  const counter = new StoredCounter(data.file);
  counter.feed({ type: 'intent', intent: duty, expiresInMs: 60_000 });
  counter.feed({ type: 'intent', intent: open(1), expiresInMs: 60_000 });
  // A colleague waits to take over, and what waits has a name too.
  const colleague = { ...start(2), profile: { ...profile(2), name: NAME } } as Intent;
  counter.feed({ type: 'intent', intent: colleague, expiresInMs: 60_000 });
  expect(filesWithName(data.path)).not.toEqual([]);
  counter.feed({ type: 'roster', officers: [] });
  expect(filesWithName(data.path)).not.toEqual([]);
  wipeDeleted(counter.db);
  expect(filesWithName(data.path)).toEqual([]);
  counter.db.close();
  data.remove();
});
