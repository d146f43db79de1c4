/*
 * Recordings for tests: 0.6 s of a tone as ffmpeg's libopus, libvorbis and libmp3lame write it (`-f lavfi -i sine=f=300:d=0.6
 * -ac 1`, bit-exact), and silence of any length as WAV.
 */
import { readFileSync } from 'node:fs';
import { inRepo } from './paths.ts';

const file = (name: string): Buffer => readFileSync(inRepo(`tests/support/sounds/${name}`));
export const opus = file('opus.ogg');
export const vorbis = file('vorbis.ogg');
export const layerThree = file('layer-three.mp3');

/** A WAV file of that length: 8 kHz, 8 bits, one channel. */
export function silentWav(ms: number): Buffer {
  const samples = Buffer.alloc(ms * 8, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
