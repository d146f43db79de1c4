/* A data folder with a real log on real SQLite, its keys in the test's hands. */
import { hash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import Database from 'better-sqlite3';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { createLogSealer } from '../../../hub-server/src/application/log/seal-log.ts';
import { DEFAULT_INSTRUMENT } from '../../../hub-server/src/domain/ratings/default-instrument.ts';
import { TestDevice } from '../../support/test-device.ts';
import { makeKey, sha256, type TestKey } from '../log/keys.ts';

export const NOW = Date.UTC(2026, 10, 25, 3, 0, 0);
export const LINEAGE = 'l-0192f0c1';

export interface RowOf {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly reason: string | null;
  readonly body: string | null;
  readonly leaf_hash: Buffer;
}

export async function openLog(hub: TestKey = makeKey(), recovery: TestKey = makeKey()) {
  const dir = mkdtempSync(join(tmpdir(), 'hailong-log-'));
  const opened = await openStorage(dir);
  const { storage } = opened;
  const clock = { at: NOW, now: () => clock.at as never };
  await storage.identity.establish({
    identity: { lineage: LINEAGE, hubKey: hub.publicKey, recoveryKey: recovery.publicKey },
    ...{ instrument: DEFAULT_INSTRUMENT, at: NOW },
  });
  const sealer = createLogSealer({ log: storage.log, signer: hub, sha256, clock });
  const raw = <T>(act: (db: Database.Database) => T): T => {
    const db = new Database(databaseFile(dir));
    try {
      return act(db);
    } finally {
      db.close();
    }
  };
  return {
    ...{ dir, storage, sealer, clock, hub, recovery, raw },
    keys: { hubKey: hub.publicKey, recoveryKey: recovery.publicKey },
    rows: () =>
      raw((db) => db.prepare<[], RowOf>('SELECT * FROM audit_log ORDER BY seq').all()) as readonly RowOf[],
    note: (object: string) =>
      storage.access.record({
        audit: { at: NOW, actor: 'test', action: 'unit.saved', object, reason: null, body: { object } },
      }),
    async enrolled(counter: string = randomUUID()): Promise<TestDevice> {
      const codeHash = hash('sha256', randomUUID(), 'hex');
      raw((db) =>
        db
          .prepare("INSERT INTO enrol_code (code_hash, kind, counter_id, expires_at) VALUES (?,'kiosk',?,?)")
          .run(codeHash, counter, Number.MAX_SAFE_INTEGER),
      );
      const device = new TestDevice();
      const { publicKey } = device;
      await storage.devices.enrol({ codeHash, device: device.device, publicKey, build: 'test', at: NOW });
      return device;
    },
    segments: (camera: string, from: number, count: number) =>
      storage.footage.record({
        recorder: 'r',
        facts: Array.from({ length: count }, (_, i) => ({
          cursor: from + i,
          fact: segment(camera, from + i),
        })),
      }),
    async close() {
      await opened.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
export type OpenLog = Awaited<ReturnType<typeof openLog>>;

function segment(camera: string, n: number): FootageFact {
  return {
    kind: 'segment.closed',
    segment: {
      ...{
        id: `a0000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        camera,
        run: camera,
        file: `${n}.mp4`,
      },
      ...{ mediaStartMs: n * 4_000, mediaEndMs: n * 4_000 + 4_000, arrivalAt: NOW + n, arrivalMonoMs: n },
      ...{
        bytes: 9,
        sha256: hash('sha256', `${camera} ${n}`, 'hex'),
        codec: 'h264',
        flags: [],
        initBytes: 5,
      },
    },
  } as unknown as FootageFact;
}
