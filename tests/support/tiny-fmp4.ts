/* The smallest fragmented MP4 that has what this product reads of one: times, numbers, pictures. */
export function box(type: string, ...inside: readonly Buffer[]): Buffer {
  const body = Buffer.concat(inside);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};

export const header = (timescale: number): Buffer =>
  Buffer.concat([
    box('ftyp', Buffer.from('iso5')),
    box('moov', box('trak', box('mdia', box('mdhd', u32(0, 0, 0, timescale, 0, 0))))),
  ]);

export function fragment(number: number, at: number, pictures: string, version: 0 | 1 = 1): Buffer {
  const time = version === 1 ? u32(0x01000000, 0, at) : u32(0, at);
  return Buffer.concat([
    box('moof', box('mfhd', u32(0, number)), box('traf', box('tfhd', u32(0, 1)), box('tfdt', time))),
    box('mdat', Buffer.from(pictures)),
  ]);
}
