/**
 * Ready-made forms of panels, named by what they send, never by a maker: no vendor's wire format was found in public, and
 * none is claimed here. A profile is a starting point; the set-up page shows what the box really sends.
 * Document: firmware-notes/families.md, "Profiles".
 */
import { type HidWedgeConfig, type LineAsciiConfig, lineKeys, type SerialLine } from './panel-config.ts';

interface Named {
  readonly key: string;
  readonly name: { readonly vi: string; readonly en: string };
}
export type LineProfile = Named & { readonly config: Omit<LineAsciiConfig, 'path'> };
export type WedgeProfile = Named & { readonly config: HidWedgeConfig };

const at = (baud: number): SerialLine => ({ baud, dataBits: 8, parity: 'none', stopBits: 1 });
const lines = { kind: 'line', terminator: '\\n' } as const;
const presses = (...texts: string[]) => texts.map((text) => ({ press: [text], release: [] }));
const FIVE = [1, 2, 3, 4, 5];
const keys = lineKeys.parse({});

export const LINE_PROFILES: readonly LineProfile[] = [
  {
    key: 'byte-digits',
    name: { vi: 'Mỗi lần bấm một chữ số 1–5, 9600 baud', en: 'One digit 1–5 a press, 9600 baud' },
    config: {
      family: 'line-ascii',
      ...{ line: at(9_600), framing: { kind: 'byte' }, buttons: presses('1', '2', '3', '4', '5'), keys },
    },
  },
  {
    key: 'byte-digits-checked',
    name: {
      vi: 'Chữ số 1–5, hỏi 0x89 thì trả lời OK, 9600 baud',
      en: 'Digits 1–5, answers OK when asked by 0x89, 9600 baud',
    },
    config: {
      family: 'line-ascii',
      ...{ line: at(9_600), framing: { kind: 'byte' }, buttons: presses('1', '2', '3', '4', '5'), keys },
      keepAlive: { send: '\\x89', expect: 'OK\\r', everyMs: 1_000, timeoutMs: 500, misses: 3 },
    },
  },
  {
    key: 'byte-letters',
    name: { vi: 'Mỗi lần bấm một chữ A–E, 9600 baud', en: 'One letter A–E a press, 9600 baud' },
    config: {
      family: 'line-ascii',
      ...{ line: at(9_600), framing: { kind: 'byte' }, buttons: presses('A', 'B', 'C', 'D', 'E'), keys },
    },
  },
  {
    key: 'line-digits',
    name: { vi: 'Mỗi dòng một chữ số 1–5, 9600 baud', en: 'A line with a digit 1–5, 9600 baud' },
    config: {
      family: 'line-ascii',
      ...{ line: at(9_600), framing: lines, buttons: presses('1', '2', '3', '4', '5'), keys },
    },
  },
  {
    key: 'line-digits-fast',
    name: { vi: 'Mỗi dòng một chữ số 1–5, 115200 baud', en: 'A line with a digit 1–5, 115200 baud' },
    config: {
      family: 'line-ascii',
      ...{ line: at(115_200), framing: lines, buttons: presses('1', '2', '3', '4', '5'), keys },
    },
  },
  {
    key: 'line-down-up',
    name: {
      vi: 'Dòng “D1” khi nhấn, “U1” khi nhả, 115200 baud',
      en: 'Lines “D1” when pressed, “U1” when released, 115200 baud',
    },
    config: {
      family: 'line-ascii',
      ...{ line: at(115_200), framing: lines, keys },
      buttons: FIVE.map((n) => ({ press: [`D${n}`], release: [`U${n}`] })),
    },
  },
];

export const WEDGE_PROFILES: readonly WedgeProfile[] = [
  {
    key: 'keys-digits',
    name: { vi: 'Gõ phím 1–5 của hàng số', en: 'Types 1–5 of the number row' },
    config: { family: 'hid-wedge', keys: FIVE.map((n) => `Digit${n}`), ignore: ['Enter'] },
  },
  {
    key: 'keys-numpad',
    name: { vi: 'Gõ phím 1–5 của bàn số', en: 'Types 1–5 of the number pad' },
    config: { family: 'hid-wedge', keys: FIVE.map((n) => `Numpad${n}`), ignore: ['NumpadEnter', 'Enter'] },
  },
  {
    key: 'keys-letters',
    name: { vi: 'Gõ phím A–E', en: 'Types A–E' },
    config: { family: 'hid-wedge', keys: ['KeyA', 'KeyB', 'KeyC', 'KeyD', 'KeyE'], ignore: ['Enter'] },
  },
  {
    key: 'keys-function',
    name: { vi: 'Gõ phím F13–F17', en: 'Types F13–F17' },
    config: { family: 'hid-wedge', keys: [13, 14, 15, 16, 17].map((n) => `F${n}`), ignore: [] },
  },
];
