/** What the technician chose, as a configuration: pure, so that the page only draws. */
import { lineKeys, type PanelConfig, type SerialLine } from '@hailong/shared/model/panel-config.ts';
import { LINE_PROFILES, WEDGE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';

/** A path, or the panel that has none. */
export type PortChoice = string | 'wedge';

export interface Choice {
  readonly port: PortChoice | null;
  /** `cpp1`, a profile's key, or `learn`. */
  readonly kind: string | null;
  readonly line: SerialLine;
  /** Empty: each byte is a message. */
  readonly terminator: string;
  /** Patterns or key codes that were learned, in the order of the levels. */
  readonly learned: readonly string[];
}

export const NO_CHOICE: Choice = {
  ...{ port: null, kind: null, terminator: '', learned: [] },
  line: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
};

export function choosePort(choice: Choice, port: PortChoice): Choice {
  return { ...NO_CHOICE, line: choice.line, port };
}

/** A profile brings its line settings, which may then be changed. */
export function chooseKind(choice: Choice, kind: string): Choice {
  const config = LINE_PROFILES.find(({ key }) => key === kind)?.config;
  if (!config) return { ...choice, kind, learned: [] };
  const terminator = config.framing.kind === 'line' ? config.framing.terminator : '';
  return { ...choice, kind, learned: [], line: config.line, terminator };
}

export const hasLine = ({ port, kind }: Choice): boolean =>
  port !== null && port !== 'wedge' && kind !== null && kind !== 'cpp1';

/** Null: not enough was chosen. While nothing is learned, a form that fits no message shows the bytes. */
export function configOf(choice: Choice): unknown {
  const { port, kind, line, terminator, learned } = choice;
  if (port === null || kind === null) return null;
  if (port === 'wedge') {
    if (kind === 'learn')
      return learned.length === 0 ? null : { family: 'hid-wedge', keys: learned, ignore: [] };
    return WEDGE_PROFILES.find(({ key }) => key === kind)?.config ?? null;
  }
  if (kind === 'cpp1') return { family: 'cpp1', path: port, hwid: null };
  const framing = terminator === '' ? { kind: 'byte' } : { kind: 'line', terminator };
  const shared = { family: 'line-ascii', path: port, line, framing };
  if (kind === 'learn') {
    const texts = learned.length === 0 ? ['\\x00'] : learned;
    const buttons = texts.map((text) => ({ press: [text], release: [] }));
    return { ...shared, buttons, keys: lineKeys.parse({}) };
  }
  const profile = LINE_PROFILES.find(({ key }) => key === kind);
  return profile ? { ...profile.config, ...shared } : null;
}

export function buttonsOf(config: PanelConfig | null, said: number): number {
  if (config?.family === 'line-ascii') return config.buttons.length;
  if (config?.family === 'hid-wedge') return config.keys.length;
  return said;
}
