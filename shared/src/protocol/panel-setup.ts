/**
 * The set-up page of a panel ↔ whoever tries it: `hailong-kiosk panel setup`, over a loopback WebSocket with a token of that
 * one run, or the serving agent behind a PIN, over its window's own line (protocol/ui.ts). The program says what is so, whole,
 * after each change; the page draws it and says what the technician chose. Nothing of a citizen is here.
 * Document: firmware-notes/families.md, "Set-up".
 */
import { z } from 'zod';
import { panelConfig } from '../model/panel-config.ts';

export const SETUP_PATH = '/setup/v1';

export const setupPort = z.object({
  path: z.string(),
  device: z.string(),
  name: z.enum(['by-id', 'by-path', 'com', 'device']),
  label: z.string(),
});
export type SetupPort = z.infer<typeof setupPort>;

export const setupView = z.object({
  /** Null: still being looked for. */
  ports: z.array(setupPort).nullable(),
  /** As written in the data folder; null: nothing is. */
  saved: panelConfig.nullable(),
  /** What is being tried; null: nothing. */
  config: panelConfig.nullable(),
  /** Why the configuration last given cannot be tried. */
  problem: z.object({ code: z.string(), where: z.string() }).nullable(),
  /** Of the panel that is being tried; null: none, or it has no line. */
  link: z
    .object({
      state: z.enum(['stopped', 'away', 'syncing', 'ready', 'incompatible', 'wrong-device']),
      hwid: z.string().nullable(),
      firmware: z.string().nullable(),
      buttons: z.int(),
      led: z.boolean(),
      presence: z.enum(['heartbeat', 'poll', 'none']),
      exactlyOnce: z.boolean(),
      fault: z.string().nullable(),
    })
    .nullable(),
  /** A press would be taken now. */
  armed: z.boolean(),
  /** Buttons pressed in the right order so far, and the last one that was not the one asked for, 1-based. */
  pressed: z.int().min(0),
  wrong: z.int().nullable(),
  /** Null: not tried. */
  lamps: z.enum(['on', 'off', 'failed']).nullable(),
  /** What was tried is what is saved. */
  isSaved: z.boolean(),
});
export type SetupView = z.infer<typeof setupView>;

export const setupToPage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('view'), view: setupView }),
  /** Live bytes of the line, as they would be typed in a pattern. */
  z.object({ type: z.literal('bytes'), direction: z.enum(['in', 'out']), text: z.string() }),
  /** A whole message of a line-ASCII box, known or not. */
  z.object({ type: z.literal('heard'), text: z.string() }),
]);
export type SetupToPage = z.infer<typeof setupToPage>;

/** What a technician does, through either door. */
export const setupChoice = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ports') }),
  /** Any form: it is judged, and the answer says what is wrong with it. */
  z.object({ type: z.literal('try'), config: z.unknown() }),
  z.object({ type: z.literal('close') }),
  /** Begin the test of the buttons anew. */
  z.object({ type: z.literal('again') }),
  z.object({ type: z.literal('lamps'), on: z.boolean() }),
  z.object({ type: z.literal('save') }),
]);
export type SetupChoice = z.infer<typeof setupChoice>;

export const pageToSetup = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string().max(100) }),
  ...setupChoice.options,
]);
export type PageToSetup = z.infer<typeof pageToSetup>;
