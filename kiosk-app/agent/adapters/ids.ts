/** Identifiers and randomness of this machine: UUIDv7 (time-ordered), tickets, epochs, nonces. */
import { randomBytes, randomInt } from 'node:crypto';
import type { EpochId } from '@hailong/shared/ids.ts';
import { v7 } from 'uuid';
import type { Ids } from '../application/ports.ts';

export const systemIds: Ids = {
  uuid: () => v7(),
  askTicket: () => randomInt(1, 0x1_0000_0000),
  epoch: () => randomBytes(16).toString('hex') as EpochId,
  nonce: () => randomBytes(16).toString('base64url'),
  random: () => Math.random(),
};
