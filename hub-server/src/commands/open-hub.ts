/** What every command needs of a data folder: storage, keys, identity. The recovery key leaves here once. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { systemClock, systemTimers } from '../adapters/clock.ts';
import { packageFolders } from '../adapters/evidence/package-folders.ts';
import { createEvidenceWriter } from '../adapters/evidence/write-evidence.ts';
import { deviceIdOf, type HubKeys, heldHubKeys, loadHubKeys, verifySignature } from '../adapters/keys.ts';
import { createHasher } from '../adapters/password-hasher.ts';
import { mintRecoveryKey } from '../adapters/recovery-key.ts';
import { createSecrets } from '../adapters/secrets.ts';
import { sha256 } from '../adapters/sha256.ts';
import { databaseFile } from '../adapters/sqlite/open-database.ts';
import { type OpenStorage, openStorage } from '../adapters/sqlite/sqlite-storage.ts';
import { createEvidenceMaker } from '../application/evidence/make-package.ts';
import { createLogSealer, type LogSealer } from '../application/log/seal-log.ts';
import { createOwnChain } from '../application/own-chain/own-chain.ts';
import type { HubIdentity } from '../application/ports/identity.ts';
import { createSlipCodes } from '../application/private-route/slip-codes.ts';
import type { AdminParts } from '../application/web-parts.ts';
import { DEFAULT_INSTRUMENT } from '../domain/ratings/default-instrument.ts';
import { FIRST_ASKED, SEED_INSTRUMENTS } from '../domain/ratings/seed-instruments.ts';
import { BUILD } from './build.ts';

export interface OpenHub extends OpenStorage {
  readonly admin: AdminParts;
  readonly logSealer: LogSealer;
  readonly keys: HubKeys;
  readonly identity: HubIdentity;
  /** To be printed and sealed by the operator; null after the first run. */
  readonly recoveryKey: string | null;
  readonly clock: Clock;
}

/** A command must not make a hub where there is none. */
export function needData(dataDir: string): string {
  if (!existsSync(databaseFile(dataDir))) throw new CodedError('program.no_hub', resolve(dataDir));
  return dataDir;
}

export async function openHub(dataDir: string): Promise<OpenHub> {
  const opened = await openStorage(dataDir);
  try {
    const { storage } = opened;
    const secrets = createSecrets();
    const held = await storage.identity.identity();
    const keys = held ? heldHubKeys(dataDir, held.hubKey) : loadHubKeys(dataDir);
    const recovery = held ? null : mintRecoveryKey();
    const identity =
      held ??
      (await storage.identity.establish({
        identity: {
          lineage: `l-${secrets.id()}`,
          hubKey: keys.publicKey,
          recoveryKey: recovery?.publicKey ?? '',
          recoveryBox: recovery?.box,
          charter: recovery?.charterOf(keys.publicKey),
        },
        instrument: DEFAULT_INSTRUMENT,
        at: systemClock.now(),
      }));
    const ids = [...new Set(SEED_INSTRUMENTS.map(({ id }) => id))];
    if (!(await storage.instruments.seeded({ ids })))
      await storage.instruments.seed({
        ...{ instruments: SEED_INSTRUMENTS, first: held ? null : FIRST_ASKED, at: systemClock.now() },
      });
    const logSealer = createLogSealer({ log: storage.log, signer: keys, sha256, clock: systemClock });
    const slipCodes = createSlipCodes(keys, sha256);
    const own = createOwnChain({
      ...{ device: deviceIdOf(Buffer.from(keys.publicKey, 'base64url')), build: BUILD, clock: systemClock },
      ...{ epoch: randomBytes(16).toString('hex'), secrets, slipCodes },
    });
    const evidence = createEvidenceMaker(
      {
        ...{ storage, logSealer, signer: keys, clock: systemClock, build: BUILD },
        writer: createEvidenceWriter(keys),
        into: resolve(dataDir, 'evidence'),
        folders: packageFolders(resolve(dataDir, 'evidence')),
        // The recorder's root (commands/serve.ts); it is asked for also while no recorder runs.
        footageRoot: resolve(dataDir, 'footage', 'segments'),
      },
      sha256,
      (ms) => new Promise((resolve) => systemTimers.after(ms, () => resolve(undefined))),
    );
    const admin: AdminParts = {
      ...{ storage, secrets, hasher: createHasher(), sealer: keys, logSealer, clock: systemClock },
      ...{ own, slipCodes, verify: verifySignature, deviceIdOf, evidence },
      told: null,
    };
    return {
      ...opened,
      admin,
      logSealer,
      keys,
      identity,
      recoveryKey: recovery?.printed ?? null,
      clock: systemClock,
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
