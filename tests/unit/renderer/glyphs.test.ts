/*
 * Every letter of every catalogue, also of one that waits for approval, is in the face that the kiosk ships: within the
 * ranges of style/fonts.css and really drawn by the file (its cmap), so that no citizen sees a letter of another face.
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { catalogues } from '../../../kiosk-app/renderer/text/catalogues.ts';
import { inRepo } from '../../support/paths.ts';

const GLYF = 10;
const LOCA = 11;
const OTHER_TAG = 63;

/** The cmap table of a WOFF2 file: index 0 of the known tags, in one Brotli stream with all others. */
function cmapOf(file: Buffer): Buffer {
  let at = 48;
  let offset = 0;
  let found: { offset: number; length: number } | undefined;
  const number = (): number => {
    let value = 0;
    for (;;) {
      const byte = file.readUInt8(at);
      at += 1;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  };
  for (let left = file.readUInt16BE(12); left > 0; left -= 1) {
    const flags = file.readUInt8(at);
    at += 1;
    const tag = flags & 0x3f;
    if (tag === OTHER_TAG) at += 4;
    let length = number();
    const version = flags >> 6;
    const transformed = tag === GLYF || tag === LOCA ? version !== 3 : version !== 0;
    if (transformed) length = number();
    if (tag === 0) found = { offset, length };
    offset += length;
  }
  if (!found) throw new Error('no cmap');
  const all = brotliDecompressSync(file.subarray(at, at + file.readUInt32BE(20)));
  return all.subarray(found.offset, found.offset + found.length);
}

/** Characters of a cmap: format 4 (segments) of any platform. */
function charactersOf(cmap: Buffer): Set<number> {
  const characters = new Set<number>();
  for (let table = 0; table < cmap.readUInt16BE(2); table += 1) {
    const at = cmap.readUInt32BE(4 + table * 8 + 4);
    if (cmap.readUInt16BE(at) !== 4) continue;
    const twice = cmap.readUInt16BE(at + 6);
    for (let segment = 0; segment < twice; segment += 2) {
      const end = cmap.readUInt16BE(at + 14 + segment);
      const startAt = at + 16 + twice + segment;
      const start = cmap.readUInt16BE(startAt);
      const delta = cmap.readUInt16BE(startAt + twice);
      const rangeAt = startAt + 2 * twice;
      const range = cmap.readUInt16BE(rangeAt);
      for (let code = start; code <= end && code !== 0xffff; code += 1) {
        const stored = range === 0 ? code : cmap.readUInt16BE(rangeAt + range + (code - start) * 2);
        // Glyph 0 is the box that stands for what the face does not have.
        const glyph = range !== 0 && stored === 0 ? 0 : (stored + delta) & 0xffff;
        if (glyph !== 0) characters.add(code);
      }
    }
  }
  return characters;
}

function rangesOf(text: string): [number, number][] {
  return text.split(',').map((part) => {
    const [from = '', to = from] = part.trim().replace('U+', '').split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
  });
}

const css = readFileSync(inRepo('kiosk-app/renderer/style/fonts.css'), 'utf8');
const faces = css
  .split('@font-face')
  .slice(1)
  .map((rule) => ({
    weight: /font-weight: (\d+)/.exec(rule)?.[1] ?? '',
    path: /url\("([^"]+)"\)/.exec(rule)?.[1] ?? '',
    ranges: rangesOf(/unicode-range:\s*([^;]+);/.exec(rule)?.[1] ?? ''),
  }))
  .map((face) => ({ ...face, has: charactersOf(cmapOf(readFileSync(inRepo('node_modules', face.path)))) }));

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [String((value as (...given: unknown[]) => unknown)('12', 34))];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

describe('the shipped face', () => {
  it('is read: Vietnamese letters are in it, Khmer ones are not', () => {
    const all = new Set(faces.flatMap(({ has }) => [...has]));
    expect(all.has('Ẳ'.codePointAt(0) as number)).toBe(true);
    expect(all.has('ក'.codePointAt(0) as number)).toBe(false);
  });

  it.each(Object.entries(catalogues))('draws every letter of %s in every weight', (_code, entry) => {
    const letters = new Set(
      [...textsOf(entry), '•', ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-._'].flatMap((text) => [
        ...text.normalize('NFC'),
      ]),
    );
    expect(letters.size).toBeGreaterThan(60);
    for (const weight of ['500', '600', '700', '800']) {
      const missing = [...letters].filter((letter) => {
        const code = letter.codePointAt(0) as number;
        return !faces.some(
          (face) =>
            face.weight === weight &&
            face.has.has(code) &&
            face.ranges.some(([from, to]) => code >= from && code <= to),
        );
      });
      expect(missing, weight).toEqual([]);
    }
  });
});
