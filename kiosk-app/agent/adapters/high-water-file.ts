/**
 * Purpose: the last event this machine knows it has written, beside the database and independent of it: two slots,
 *   written in turn, each with its own checksum, so that a write torn by a power cut leaves the one before.
 * Refuses: to say anything from a slot that does not fit its checksum; that is reported, never fatal.
 * Document: kiosk-app/DESIGN.md, "High-water file".
 */
import { createHash } from 'node:crypto';
import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, write } from 'node:fs';
import { dirname } from 'node:path';
import { toHex } from '@hailong/shared/edge/event.ts';
import type { EpochId } from '@hailong/shared/ids.ts';
import type { HighWater, HighWaterMark, HighWaterRead } from '../application/ports.ts';
import { syncFolder } from './replace-file.ts';

const MAGIC = Buffer.from('HLHW1\0\0\0', 'latin1');
/** magic 8 | generation 8 | seq 8 | epoch 16 | hash 32, then SHA-256 of these. */
const BODY_BYTES = 72;
const SLOT_BYTES = BODY_BYTES + 32;
/** A sector and a page of its own for each slot. */
const SLOT_AT = [0, 4_096] as const;
const FILE_BYTES = 8_192;

interface Slot {
  readonly generation: number;
  readonly mark: HighWaterMark;
}

export class HighWaterFile implements HighWater {
  readonly #fd: number;
  readonly #read: HighWaterRead;
  #generation: number;

  constructor(file: string) {
    const found = readSlots(file);
    const newest = found.slots.sort((a, b) => b.generation - a.generation)[0];
    this.#generation = newest?.generation ?? 0;
    this.#read = { mark: newest?.mark ?? null, state: found.state };
    this.#fd = openSync(file, found.state === 'missing' ? 'w+' : 'r+', 0o600);
    ftruncateSync(this.#fd, FILE_BYTES);
    if (found.state === 'missing') syncFolder(dirname(file));
  }

  read(): HighWaterRead {
    return this.#read;
  }

  /** Into the slot that does not hold the newest mark. The caller writes one at a time. */
  write(mark: HighWaterMark, done: (ok: boolean) => void): void {
    const generation = this.#generation + 1;
    const slot = encodeSlot(generation, mark);
    write(this.#fd, slot, 0, slot.length, SLOT_AT[generation % 2], (failed) => {
      if (failed) {
        done(false);
        return;
      }
      fdatasync(this.#fd, (unsynced) => {
        if (!unsynced) this.#generation = generation;
        done(!unsynced);
      });
    });
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function encodeSlot(generation: number, { epoch, seq, hash }: HighWaterMark): Buffer {
  const slot = Buffer.alloc(SLOT_BYTES);
  MAGIC.copy(slot);
  slot.writeBigUInt64LE(BigInt(generation), 8);
  slot.writeBigUInt64LE(BigInt(seq), 16);
  slot.write(epoch, 24, 'hex');
  slot.set(hash, 40);
  slot.set(checksum(slot), BODY_BYTES);
  return slot;
}

function decodeSlot(slot: Buffer): Slot | 'empty' | 'damaged' {
  if (slot.every((byte) => byte === 0)) return 'empty';
  if (!slot.subarray(0, 8).equals(MAGIC) || !checksum(slot).equals(slot.subarray(BODY_BYTES)))
    return 'damaged';
  return {
    generation: Number(slot.readBigUInt64LE(8)),
    mark: {
      epoch: toHex(slot.subarray(24, 40)) as string as EpochId,
      seq: Number(slot.readBigUInt64LE(16)),
      hash: Uint8Array.from(slot.subarray(40, BODY_BYTES)),
    },
  };
}

function readSlots(file: string): { slots: Slot[]; state: HighWaterRead['state'] } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { slots: [], state: code === 'ENOENT' ? 'missing' : 'damaged' };
  }
  const read = SLOT_AT.map((at) => decodeSlot(bytes.subarray(at, at + SLOT_BYTES)));
  const whole = bytes.length === FILE_BYTES && !read.includes('damaged');
  const slots = read.filter((slot) => typeof slot === 'object');
  return { slots, state: whole ? 'whole' : 'damaged' };
}

function checksum(slot: Buffer): Buffer {
  return createHash('sha256').update(slot.subarray(0, BODY_BYTES)).digest();
}
