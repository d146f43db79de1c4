/**
 * Purpose: `hailong-kiosk witness`: prints what this device bears witness of, for `hailong-hub verify --witness`.
 *   Works beside a running agent and takes no lock.
 * Refuses: a folder that is not an enrolled device's; it makes neither key nor database.
 * Document: shared/PROTOCOL.md, "Witness file".
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { checkpoint, enrolAnswer } from '@hailong/shared/protocol/edge.ts';
import { readDeviceKey } from '../adapters/hub-link/device-key.ts';
import { SqliteSettings } from '../adapters/sqlite/settings-store.ts';
import { openForReading, witnessSource } from '../adapters/sqlite/witness-source.ts';
import { witnessText } from '../application/write-witness.ts';
import type { WitnessCommand } from '../command-line.ts';

/** Pieces of text gathered before they go to the pipe. */
const CHUNK_CHARS = 65_536;

export async function printWitness({ data, json }: WitnessCommand): Promise<void> {
  const folder = resolve(data);
  const file = join(folder, 'agent.db');
  const identity = readDeviceKey(join(folder, 'device-key.pem'));
  if (!identity || !existsSync(file)) throw new CodedError('device.unknown', folder);
  const source = openForReading(file);
  try {
    const { db } = source;
    const settings = new SqliteSettings(db);
    const enrolment = enrolAnswer.safeParse(settings.read('enrolment'));
    if (!enrolment.success) throw new CodedError('device.unknown', folder);
    const lineage = settings.read('lineage');
    const text = witnessText({
      identity,
      enrolment: enrolment.data,
      lineage: typeof lineage === 'string' ? lineage : null,
      checkpoint: checkpoint.safeParse(settings.read('checkpoint')).data ?? null,
      at: Date.now(),
      source: witnessSource(db),
      digest: createHash('sha256'),
    });
    let chunk = '';
    let next = text.next();
    for (; !next.done; next = text.next()) {
      chunk += next.value;
      if (chunk.length < CHUNK_CHARS) continue;
      await say(chunk);
      chunk = '';
    }
    await say(chunk);
    const { epochs, events } = next.value;
    if (!json)
      process.stderr.write(
        `Đã in mã băm của ${events} sự kiện trong ${epochs} kỳ chạy, có chữ ký của thiết bị.\n` +
          `Printed the hashes of ${events} events in ${epochs} epochs, signed by the device.\n`,
      );
  } finally {
    source.close();
  }
}

async function say(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
