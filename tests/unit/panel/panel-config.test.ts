/* Panel configurations and the bytes in them (firmware-notes/families.md). */
import { PANEL_CONFIG_PROBLEMS, panelConfig, panelProblem } from '@hailong/shared/model/panel-config.ts';
import { LINE_PROFILES, WEDGE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import {
  matches,
  overlap,
  type PatternPart,
  parsePattern,
  parseWireText,
  wireTextOf,
} from '@hailong/shared/model/wire-text.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const byteArray = fc.uint8Array({ minLength: 0, maxLength: 12 });
/** Few bytes and both wild cards, so that matches are frequent. */
const parts = fc.array(fc.constantFrom<PatternPart>(1, 2, 'one', 'many'), { maxLength: 6 });
const message = fc.array(fc.constantFrom(1, 2), { maxLength: 8 }).map((bytes) => Uint8Array.from(bytes));
/** The obvious definition, exponential. */
function fits(pattern: readonly PatternPart[], bytes: readonly number[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return bytes.length === 0;
  if (first === 'many') return bytes.some((_, at) => fits(rest, bytes.slice(at))) || fits(rest, []);
  return bytes.length > 0 && (first === 'one' || first === bytes[0]) && fits(rest, bytes.slice(1));
}

describe('bytes as text', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(byteArray, (bytes) => {
        expect(parseWireText(wireTextOf(bytes))).toEqual(bytes);
      }),
    );
    expect(parseWireText('OK\\r')).toEqual(Uint8Array.of(0x4f, 0x4b, 0x0d));
    expect(parseWireText('\\x89')).toEqual(Uint8Array.of(0x89));
  });

  it.each(['\\', '\\q', '\\x9', '\\xzz', 'đ', '\n'])('refuse %j', (text) =>
    expect(parseWireText(text)).toBeNull(),
  );
});

describe('patterns', () => {
  it('match what the plain definition says', () => {
    fc.assert(
      fc.property(parts, message, (pattern, bytes) => {
        expect(matches(pattern, bytes)).toBe(fits(pattern, [...bytes]));
      }),
    );
  });

  it('overlap exactly when a message fits both', () => {
    const messages: number[][] = [[]];
    for (let at = 0; at < messages.length && messages[at]!.length < 6; at += 1)
      for (const byte of [1, 2]) messages.push([...messages[at]!, byte]);
    const short = fc.array(fc.constantFrom<PatternPart>(1, 2, 'one', 'many'), { maxLength: 3 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        const common = messages.some((each) => fits(a, each) && fits(b, each));
        expect(overlap(a, b)).toBe(common);
      }),
    );
  });

  it('stay fast on the worst of them', () => {
    const pattern = parsePattern(`${'*a'.repeat(31)}b`) ?? [];
    expect(matches(pattern, new Uint8Array(64).fill(0x61))).toBe(false);
  });
});

const line = {
  family: 'line-ascii',
  path: '/dev/serial/by-id/usb-box',
  line: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
  framing: { kind: 'line', terminator: '\\n' },
  buttons: [{ press: ['1'] }, { press: ['2'], release: ['b'] }],
};
const problemOf = (config: unknown) => {
  const parsed = panelConfig.safeParse(config);
  return parsed.success ? null : panelProblem(parsed.error).code;
};

describe('a configuration', () => {
  it('has its defaults', () => {
    expect(panelConfig.parse(line)).toMatchObject({ keys: { debounceMs: 50, lockoutMs: 700, chordMs: 30 } });
    expect(panelConfig.parse({ family: 'cpp1', path: 'COM7' })).toEqual({
      family: 'cpp1',
      path: 'COM7',
      hwid: null,
    });
  });

  it.each([
    ['path-invalid', { ...line, path: 'ttyUSB0' }],
    ['bytes-invalid', { ...line, init: '\\q' }],
    ['pattern-invalid', { ...line, buttons: [{ press: ['\\x9'] }] }],
    ['pattern-wild', { ...line, framing: { kind: 'byte' }, buttons: [{ press: ['12'] }] }],
    ['pattern-wild', { ...line, framing: { kind: 'byte' }, buttons: [{ press: ['?'] }] }],
    ['patterns-overlap', { ...line, buttons: [{ press: ['1'] }, { press: ['*'] }] }],
    ['presence-slow', { ...line, keepAlive: { send: 'P', expect: 'K', everyMs: 4_000 } }],
    ['answer-is-button', { ...line, keepAlive: { send: 'P', expect: '1\\r\\n' } }],
    [
      'answer-is-button',
      {
        ...line,
        framing: { kind: 'byte' },
        buttons: [{ press: ['K'] }],
        keepAlive: { send: 'P', expect: 'OK' },
      },
    ],
    ['answer-is-button', { ...line, poll: { send: '?', everyMs: 50, idle: '*' } }],
    ['key-twice', { family: 'hid-wedge', keys: ['Digit1', 'Digit1'] }],
    ['form', { family: 'modbus' }],
    ['form', { ...line, surprise: 1 }],
  ])('is refused as %s', (code, config) => expect(problemOf(config)).toBe(code));

  it('can be had ready-made, each valid and said in both languages', () => {
    for (const { config, name } of LINE_PROFILES) {
      expect(problemOf({ ...config, path: '/dev/ttyUSB0' })).toBeNull();
      expect(name.vi).not.toBe(name.en);
    }
    for (const { config } of WEDGE_PROFILES) expect(problemOf(config)).toBeNull();
    for (const { vi, en } of Object.values(PANEL_CONFIG_PROBLEMS)) expect(vi).not.toBe(en);
  });
});
