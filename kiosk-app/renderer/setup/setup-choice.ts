/** What the technician chose, as a configuration: pure, so that the page only draws. */
import {
  type LineAsciiConfig,
  lineKeys,
  type PanelConfig,
  type SerialLine,
} from '@hailong/shared/model/panel-config.ts';
import { LINE_PROFILES, WEDGE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';

/** A path, or the panel that has none. */
export type PortChoice = string | 'wedge';
type LineForm = Omit<LineAsciiConfig, 'path'>;

/** Bytes as they are typed in a configuration; empty: none. */
export interface WireTexts {
  readonly init: string;
  readonly keepSend: string;
  readonly keepExpect: string;
  readonly pollSend: string;
  readonly pollIdle: string;
  readonly pollEveryMs: number;
  readonly ledOn: string;
  readonly ledOff: string;
}

export interface Choice {
  readonly port: PortChoice | null;
  /** `cpp1`, a profile's key, `saved`, or `learn`. */
  readonly kind: string | null;
  /** What a profile or the saved configuration brings beside the line and the texts. */
  readonly form: LineForm | null;
  readonly line: SerialLine;
  /** Empty: each byte is a message. */
  readonly terminator: string;
  readonly texts: WireTexts;
  /** Patterns or key codes that were learned, in the order of the levels. */
  readonly learned: readonly string[];
}

const NO_TEXTS: WireTexts = {
  ...{ init: '', keepSend: '', keepExpect: '', pollSend: '', pollIdle: '', ledOn: '', ledOff: '' },
  pollEveryMs: 100,
};

export const NO_CHOICE: Choice = {
  ...{ port: null, kind: null, form: null, terminator: '', learned: [], texts: NO_TEXTS },
  line: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
};

export function choosePort(choice: Choice, port: PortChoice): Choice {
  return { ...NO_CHOICE, line: choice.line, port };
}

/** What is written for this very port, to begin with. */
export function savedForm(saved: PanelConfig | null, port: PortChoice | null): LineForm | null {
  return saved?.family === 'line-ascii' && saved.path === port ? saved : null;
}

function textsOf({ init, keepAlive, poll, led }: LineForm): WireTexts {
  return {
    init: init ?? '',
    ...{ keepSend: keepAlive?.send ?? '', keepExpect: keepAlive?.expect ?? '' },
    ...{ pollSend: poll?.send ?? '', pollIdle: poll?.idle ?? '' },
    pollEveryMs: poll?.everyMs ?? NO_TEXTS.pollEveryMs,
    ...{ ledOn: led?.on ?? '', ledOff: led?.off ?? '' },
  };
}

/** A profile, or what is saved, brings its line settings and texts, which may then be changed. */
export function chooseKind(choice: Choice, kind: string, saved: PanelConfig | null): Choice {
  const form =
    kind === 'saved'
      ? savedForm(saved, choice.port)
      : (LINE_PROFILES.find(({ key }) => key === kind)?.config ?? null);
  if (form === null) return { ...choice, kind, form, learned: [] };
  const terminator = form.framing.kind === 'line' ? form.framing.terminator : '';
  return { ...choice, kind, form, learned: [], line: form.line, terminator, texts: textsOf(form) };
}

export const hasLine = ({ port, kind }: Choice): boolean =>
  port !== null && port !== 'wedge' && kind !== null && kind !== 'cpp1';

/** What one of a pair lacks is judged by whoever tries it, and said. */
function wiresOf({ texts, form }: Choice) {
  const { init, keepSend, keepExpect, pollSend, pollIdle, pollEveryMs, ledOn, ledOff } = texts;
  const idle = pollIdle === '' ? null : pollIdle;
  return {
    ...(init === '' ? {} : { init }),
    ...(keepSend + keepExpect === ''
      ? {}
      : { keepAlive: { ...form?.keepAlive, send: keepSend, expect: keepExpect } }),
    ...(pollSend + pollIdle === '' ? {} : { poll: { send: pollSend, everyMs: pollEveryMs, idle } }),
    ...(ledOn + ledOff === '' ? {} : { led: { on: ledOn, off: ledOff } }),
  };
}

/** Null: not enough was chosen. While nothing is learned, a form that fits no message shows the bytes. */
export function configOf(choice: Choice): unknown {
  const { port, kind, form, line, terminator, learned } = choice;
  if (port === null || kind === null) return null;
  if (port === 'wedge') {
    if (kind === 'learn')
      return learned.length === 0 ? null : { family: 'hid-wedge', keys: learned, ignore: [] };
    return WEDGE_PROFILES.find(({ key }) => key === kind)?.config ?? null;
  }
  if (kind === 'cpp1') return { family: 'cpp1', path: port, hwid: null };
  const framing = terminator === '' ? { kind: 'byte' } : { kind: 'line', terminator };
  const shared = { family: 'line-ascii', path: port, line, framing, ...wiresOf(choice) };
  if (kind === 'learn') {
    const texts = learned.length === 0 ? ['\\x00'] : learned;
    const buttons = texts.map((text) => ({ press: [text], release: [] }));
    return { ...shared, buttons, keys: lineKeys.parse({}) };
  }
  return form ? { ...shared, buttons: form.buttons, keys: form.keys } : null;
}

export function buttonsOf(config: PanelConfig | null, said: number): number {
  if (config?.family === 'line-ascii') return config.buttons.length;
  if (config?.family === 'hid-wedge') return config.keys.length;
  return said;
}
