/**
 * Which panel a counter has and how it speaks: one member a driver family, read at the agent's start from its data
 * folder or its command line, and again when the guided set-up has written it. Every problem has a closed code, so that each can be said to a person.
 * Refuses: two patterns that one message could fit, a presence check that would see an unplug later than 5 s, bytes that
 *   cannot be typed. Document: firmware-notes/families.md.
 */
import { z } from 'zod';
import { hwid } from '../ids.ts';
import { keyCode } from './wedge-key.ts';
import { overlap, parsePattern, parseWireText } from './wire-text.ts';

/** Closed list; each is the message of an issue. */
export const PANEL_CONFIG_PROBLEMS = {
  'path-invalid': { vi: 'Tên cổng không đúng.', en: 'The port’s name is not valid.' },
  'bytes-invalid': { vi: 'Chuỗi byte viết sai.', en: 'A string of bytes is misspelt.' },
  'pattern-invalid': { vi: 'Mẫu nhận nút viết sai.', en: 'A button’s pattern is misspelt.' },
  'pattern-wild': {
    vi: 'Từng byte một thì mẫu nhận nút là một byte.',
    en: 'Byte by byte, a button’s pattern is one byte.',
  },
  'patterns-overlap': {
    vi: 'Hai mẫu có thể cùng khớp một thông điệp.',
    en: 'Two patterns can fit the same message.',
  },
  'presence-slow': {
    vi: 'Kiểm tra sự có mặt chậm hơn 5 giây.',
    en: 'The presence check needs more than 5 s.',
  },
  'answer-is-button': {
    vi: 'Câu trả lời kiểm tra trùng với mẫu của một nút.',
    en: 'The presence answer is a button’s pattern, too.',
  },
  'key-twice': { vi: 'Một phím dùng cho hai nút.', en: 'One key stands for two buttons.' },
} as const;
export type PanelConfigProblem = keyof typeof PANEL_CONFIG_PROBLEMS;

const problem = (code: PanelConfigProblem) => ({ message: code });

export const BUTTONS_MAX = 8;
/** An unplug must be seen within this time. */
export const PRESENCE_WITHIN_MS = 5_000;

/** A serial line is an absolute path (Linux, macOS) or COMn (Windows). */
export const panelPath = z
  .string()
  .max(200)
  .regex(/^(\/[^\0]+|COM[1-9][0-9]{0,2})$/, problem('path-invalid'));

const bytes = z
  .string()
  .min(1, problem('bytes-invalid'))
  .max(64)
  .refine((text) => (parseWireText(text)?.length ?? 0) > 0, problem('bytes-invalid'));
const pattern = z
  .string()
  .min(1, problem('pattern-invalid'))
  .max(64)
  .refine((text) => parsePattern(text) !== null, problem('pattern-invalid'));

/** What a bought box really has: its manual says it, the set-up page tries it. */
export const serialLine = z.strictObject({
  baud: z.int().min(300).max(1_000_000),
  dataBits: z.union([z.literal(7), z.literal(8)]),
  parity: z.enum(['none', 'even', 'odd']),
  stopBits: z.union([z.literal(1), z.literal(2)]),
});
export type SerialLine = z.infer<typeof serialLine>;

const lineButton = z.strictObject({
  /** Any of them is this button going down. */
  press: z.array(pattern).min(1).max(4),
  /** Any of them is this button coming up; empty: the box does not say so. */
  release: z.array(pattern).max(4).default([]),
});

/** Times of keys, ms unless named otherwise. */
export const lineKeys = z.strictObject({
  /** With release messages: a press that follows a release sooner is the same one bouncing. */
  debounceMs: z.int().min(0).max(500).default(50),
  /**
   * Without release messages: the same button said again within this time is the same press still going on (bounce, or a
   * box that repeats while a button is held). Longer than the box's first repetition.
   */
  lockoutMs: z.int().min(50).max(5_000).default(700),
  /** Another button within this time: both were pressed at once, and the question is asked again. 0: never. */
  chordMs: z.int().min(0).max(100).default(30),
  stuckAfterS: z.int().min(2).max(255).default(15),
});
export type LineKeys = z.infer<typeof lineKeys>;

const framing = z.discriminatedUnion('kind', [
  /** Each byte is a message. */
  z.strictObject({ kind: z.literal('byte') }),
  /** A message ends with these bytes; CR, LF and spaces around it do not count. */
  z.strictObject({ kind: z.literal('line'), terminator: bytes }),
]);

const cpp1Config = z.strictObject({
  family: z.literal('cpp1'),
  path: panelPath,
  /** Only this panel may serve; null: the first one that answers. */
  hwid: hwid.nullable().default(null),
});

const lineAsciiConfig = z
  .strictObject({
    family: z.literal('line-ascii'),
    path: panelPath,
    line: serialLine,
    framing,
    /** In the order of the levels, best first. */
    buttons: z.array(lineButton).min(1).max(BUTTONS_MAX),
    /** Sent once each time the port has opened. */
    init: bytes.optional(),
    /** For boxes that speak only when they are asked. `idle`: their answer when nothing is pressed; null: they give none. */
    poll: z
      .strictObject({
        send: bytes,
        everyMs: z.int().min(20).max(1_000),
        idle: pattern.nullable().default(null),
      })
      .optional(),
    /** For boxes that answer a presence check. */
    keepAlive: z
      .strictObject({
        send: bytes,
        expect: bytes,
        everyMs: z.int().min(200).max(4_000).default(1_000),
        timeoutMs: z.int().min(50).max(2_000).default(500),
        misses: z.int().min(1).max(5).default(3),
      })
      .optional(),
    /** Sent when answers are taken, and when they are not any more: lamps, or the "start" and "end" of an evaluator. */
    led: z.strictObject({ on: bytes, off: bytes }).optional(),
    keys: lineKeys.default(() => lineKeys.parse({})),
  })
  .superRefine((config, context) => {
    const fail = (code: PanelConfigProblem, ...path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message: code, path });
    const all = config.buttons.flatMap(({ press, release }, button) =>
      [...press, ...release].map((text) => ({ button, parts: parsePattern(text) })),
    );
    for (const [index, { button, parts }] of all.entries()) {
      if (parts === null) continue;
      if (config.framing.kind === 'byte' && (parts.length !== 1 || typeof parts[0] !== 'number'))
        fail('pattern-wild', 'buttons', button);
      if (all.slice(0, index).some((other) => other.parts !== null && overlap(other.parts, parts)))
        fail('patterns-overlap', 'buttons', button);
    }
    const { keepAlive, poll } = config;
    const idle = poll?.idle == null ? null : parsePattern(poll.idle);
    if (idle && all.some(({ parts }) => parts !== null && overlap(parts, idle)))
      fail('answer-is-button', 'poll', 'idle');
    if (!keepAlive) return;
    if (keepAlive.everyMs + keepAlive.misses * keepAlive.timeoutMs > PRESENCE_WITHIN_MS - 500)
      fail('presence-slow', 'keepAlive');
    const expected = parseWireText(keepAlive.expect);
    if (!expected) return;
    // Byte by byte, each byte of the answer would be taken for a button.
    const said = config.framing.kind === 'byte' ? [...expected].map((byte) => [byte]) : [trimmed(expected)];
    if (all.some(({ parts }) => parts !== null && said.some((each) => overlap(parts, each))))
      fail('answer-is-button', 'keepAlive', 'expect');
  });

const hidWedgeConfig = z
  .strictObject({
    family: z.literal('hid-wedge'),
    /** Of each button, in the order of the levels. */
    keys: z.array(keyCode).min(1).max(BUTTONS_MAX),
    /** What the box types beside them (an Enter after each digit): swallowed. */
    ignore: z.array(keyCode).max(8).default([]),
  })
  .superRefine(({ keys, ignore }, context) => {
    if (new Set([...keys, ...ignore]).size < keys.length + ignore.length)
      context.addIssue({ code: 'custom', message: 'key-twice', path: ['keys'] });
  });

export const panelConfig = z.discriminatedUnion('family', [
  z.strictObject({ family: z.literal('none') }),
  cpp1Config,
  lineAsciiConfig,
  hidWedgeConfig,
]);
export type PanelConfig = z.infer<typeof panelConfig>;
export type LineAsciiConfig = Extract<PanelConfig, { family: 'line-ascii' }>;
export type HidWedgeConfig = Extract<PanelConfig, { family: 'hid-wedge' }>;
export type PanelFamily = PanelConfig['family'];

/** The first problem of a configuration in words, with where it is. */
export function panelProblem(error: z.ZodError): { code: PanelConfigProblem | 'form'; where: string } {
  const [issue] = error.issues;
  const where = issue?.path.join('.') ?? '';
  const code = issue && Object.hasOwn(PANEL_CONFIG_PROBLEMS, issue.message) ? issue.message : 'form';
  return { code: code as PanelConfigProblem | 'form', where };
}

/** CR, LF and spaces around a message do not count. */
export function trimmed(bytes: Uint8Array): number[] {
  const blank = (byte: number | undefined) => byte === 0x0d || byte === 0x0a || byte === 0x20;
  let [from, to] = [0, bytes.length];
  while (from < to && blank(bytes[from])) from += 1;
  while (to > from && blank(bytes[to - 1])) to -= 1;
  return [...bytes.subarray(from, to)];
}
