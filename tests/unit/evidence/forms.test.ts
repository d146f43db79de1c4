/* The forms of an evidence package: one text per value, names that every system reads alike, a chain of acts, pictures by their bytes. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@hailong/shared/evidence/canonical-json.ts';
import { formatCustody, type OtherView, readCustody } from '@hailong/shared/evidence/custody.ts';
import { Findings } from '@hailong/shared/evidence/findings.ts';
import { formatHubKey, keyDigits, readHubKey, readKeyDigits } from '@hailong/shared/evidence/hub-key.ts';
import { createMediaTap } from '@hailong/shared/evidence/media-tap.ts';
import { isPackagePath, shownPath } from '@hailong/shared/evidence/package-files.ts';
import { readForm } from '@hailong/shared/evidence/read-form.ts';
import { isCovered, mergeSpans, uncoveredSpans } from '@hailong/shared/evidence/spans.ts';
import { formatSums, readSums } from '@hailong/shared/evidence/sums.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../../../hub-server/src/adapters/sha256.ts';

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

it('shows of a finding’s place nothing that paints a terminal over or is read from right to left', () => {
  const found = new Findings();
  found.find('audit.segment', `segment \u001b[2J\u001b[H\u202e${'x'.repeat(300)}`);
  found.find('audit.form', 'audit/proofs.json · row 7');
  expect(found.kept.map(({ where }) => where)).toEqual([
    `segment ?[2J?[H?${'x'.repeat(300)}`.slice(0, 240),
    'audit/proofs.json · row 7',
  ]);
});

it('looks at a few of thousands of intervals and finds what all of them leave open', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 9_000 }))
    .map(([from, length]) => ({ from, to: from + length }));
  fc.assert(
    fc.property(span, fc.array(span, { maxLength: 30 }), (whole, spans) => {
      const merged = mergeSpans(spans);
      expect(isCovered(whole, merged)).toBe(uncoveredSpans(whole, merged).length === 0);
    }),
    { numRuns: 1_000 },
  );
});

describe('canonical JSON', () => {
  it('is the same for every order of keys, and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonicalJson({ b: [1, { d: 1, c: 'é' }], a: null })).toBe('{"a":null,"b":[1,{"c":"é","d":1}]}');
    expect(() => canonicalJson({ a: Number.NaN })).toThrow();
  });
  it('refuses a text that hides something: white space, a key twice, another order, a field too many', () => {
    const form = z.strictObject({ a: z.int(), b: z.int() });
    expect(readForm('{"a":1,"b":2}\n', form)).toEqual({ a: 1, b: 2 });
    for (const text of [
      '{"a":1,"b":2}',
      '{"a":1, "b":2}\n',
      '{"b":2,"a":1}\n',
      '{"a":9,"a":1,"b":2}\n',
      '{"a":1,"b":2,"c":3}\n',
      '',
    ])
      expect(readForm(text, form), text).toBeNull();
    expect(readForm(`${'['.repeat(100_000)}\n`, form)).toBeNull();
  });
});

describe('names', () => {
  it('are plain, at most two folders deep, and stay inside', () => {
    for (const path of ['manifest.json', 'media/master/camera-1-00001.mp4', 'SHA256SUMS.sig'])
      expect(isPackagePath(path), path).toBe(true);
    for (const path of [
      '../x',
      '/etc/passwd',
      'a/../b',
      'a//b',
      '.hidden',
      'a/.x',
      'c:\\x',
      'a b',
      'x\n',
      'con',
      'NUL.txt',
      'a.',
      'a/b/c/d',
      'x:y',
      '<b>',
      'é',
      '',
      `${'a'.repeat(81)}`,
    ])
      expect(isPackagePath(path), path).toBe(false);
  });
  it('of strangers are shown without anything that could be mistaken', () => {
    expect(shownPath('<img src=x>\u202Egpj\u001b[2J')).toBe('<img?src=x>?gpj?[2J');
    expect(shownPath('x'.repeat(500)).length).toBeLessThan(210);
  });
});

describe('SHA256SUMS', () => {
  it('reads what it writes and nothing else', () => {
    const sums = new Map([
      ['b/c.mp4', hex('1')],
      ['a', hex('2')],
      ['B', hex('3')],
    ]);
    const text = formatSums(sums);
    expect([...(readSums(text) ?? [])]).toEqual([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(readSums('')).toBeNull();
    for (const bad of [
      text.trimEnd(),
      text.replace('  ', ' *'),
      `${text}${text}`,
      `${hex('1')}  ../x\n`,
      `${hex('1')}  SHA256SUMS\n`,
      text.replace(/^./, 'X'),
    ])
      expect(readSums(bad), bad).toBeNull();
  });
});

describe('the hub’s key', () => {
  it('has one spelling and digits for people', () => {
    const key = Buffer.alloc(32, 7).toString('base64url');
    const pem = formatHubKey(key);
    expect(readHubKey(pem)).toBe(key);
    for (let i = 0; i < pem.length; i++) {
      const changed = `${pem.slice(0, i)}${pem[i] === 'A' ? 'B' : 'A'}${pem.slice(i + 1)}`;
      expect(readHubKey(changed), String(i)).not.toBe(key);
    }
    expect(readHubKey(`${pem}\n`)).toBeNull();
    const digits = keyDigits(hex('k'));
    expect(readKeyDigits(`${digits.toUpperCase()} `)).toBe(hex('k').slice(0, 32));
    expect(readKeyDigits('1234')).toBeNull();
  });
});

const CAMERA = '0b7d0d3e-0000-4000-8000-000000000001';

describe('custody', () => {
  const rows = [4, 9, 12].map((seq) => JSON.stringify({ seq, action: 'case.opened', reason: 'Lý "do"' }));
  const text = formatCustody(sha256, 'p', rows);
  it('gives back each act’s exact row', () => {
    const read = readCustody(sha256, 'p', text);
    expect(read.ok && read.lines.map(({ rowText }) => rowText)).toEqual(rows);
    expect(readCustody(sha256, 'p', '')).toEqual({ ok: true, lines: [] });
  });
  it('finds a line changed, dropped, swapped or of another package', () => {
    const lines = text.trimEnd().split('\n');
    const broken = [
      text.replace('Lý', 'Ly'),
      `${[lines[0], lines[2]].join('\n')}\n`,
      `${[lines[1], lines[0], lines[2]].join('\n')}\n`,
      text.slice(0, -1),
    ];
    const view = { action: 'watched', at: 5, camera: CAMERA, role: 'inspector' } as OtherView;
    const other = formatCustody(sha256, 'p', [rows[0]!, view, rows[1]!]);
    const read = readCustody(sha256, 'p', other);
    expect(read.ok && read.lines.map(({ rowText }) => rowText)).toEqual([rows[0], null, rows[1]]);
    broken.push(
      other.replace('"inspector"', '"admin"'),
      other.replace('"at":5', '"at":6'),
      formatCustody(sha256, 'p', [{ ...view, name: 'x' } as OtherView]),
      formatCustody(sha256, 'p', ['1']),
    );
    for (const each of broken) expect(readCustody(sha256, 'p', each).ok).toBe(false);
    expect(readCustody(sha256, 'q', text).ok).toBe(false);
  });
});

describe('pictures', () => {
  const box = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length + 8);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };
  const large = (body: Buffer): Buffer => {
    const head = Buffer.alloc(16);
    head.writeUInt32BE(1);
    head.write('mdat', 4, 'latin1');
    head.writeBigUInt64BE(BigInt(body.length + 16), 8);
    return Buffer.concat([head, body]);
  };
  const tapped = (pieces: readonly Buffer[]): { pictures: string; whole: boolean } => {
    let pictures = '';
    const tap = createMediaTap((bytes) => {
      pictures += Buffer.from(bytes).toString('latin1');
    });
    for (const piece of pieces) tap.update(piece);
    return { pictures, whole: tap.whole() };
  };
  const file = Buffer.concat([
    box('ftyp', Buffer.from('x')),
    box('mdat', Buffer.from('one')),
    box('moof', Buffer.from('mdat')),
    large(Buffer.from('two')),
  ]);
  it('are the same however the bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (sizes) => {
        const pieces: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          pieces.push(file.subarray(at, at + size));
          at += size;
        }
        pieces.push(file.subarray(at));
        expect(tapped(pieces)).toEqual({ pictures: 'onetwo', whole: true });
      }),
    );
  });
  it('of a torn or lying file are not whole', () => {
    expect(tapped([file.subarray(0, -1)]).whole).toBe(false);
    expect(tapped([Buffer.concat([file, Buffer.from([0, 0, 0, 2, 109, 100, 97, 116])])]).whole).toBe(false);
    expect(tapped([Buffer.alloc(0)])).toEqual({ pictures: '', whole: true });
  });
});

describe('spans', () => {
  it('and what they leave open fill the whole', () => {
    const span = fc.tuple(fc.integer({ min: -20_000, max: 60_000 }), fc.integer({ min: 600, max: 9_000 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (drawn) => {
        const whole = { from: 0, to: 40_000 };
        const covered = mergeSpans(drawn.map(([from, length]) => ({ from, to: from + length })));
        const holes = uncoveredSpans(whole, covered);
        for (const { from, to } of holes) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(whole.to);
          for (const each of covered)
            expect(Math.min(to, each.to) - Math.max(from, each.from)).toBeLessThanOrEqual(0);
        }
        const inside = covered.reduce(
          (sum, each) => sum + Math.max(0, Math.min(each.to, whole.to) - Math.max(each.from, 0)),
          0,
        );
        const open = holes.reduce((sum, { from, to }) => sum + to - from, 0);
        // Each seam that is no gap is at most half a second.
        expect(Math.abs(inside + open - whole.to)).toBeLessThanOrEqual(500 * (covered.length + 1));
      }),
    );
  });
});
