/**
 * How a kiosk is, as its agent says it: part of `status`, so it comes with every change of panel, windows or
 * configuration and else every 30 s. A claim about itself: nothing that counts rests on it.
 * Bounded: some 2 KB at most. Document: shared/PROTOCOL.md, "Health".
 */
import { z } from 'zod';
import { epochId } from '../ids.ts';

/** Of the port the panel driver offers; what a family does not know is absent. */
export const panelHealth = z.object({
  family: z.string().max(20),
  /** As configured: `/dev/serial/by-id/…`, `COM3`; null: no port (a wedge in the window). */
  path: z.string().max(200).nullable(),
  hwid: z.string().max(40).nullable(),
  firmware: z.string().max(40).nullable(),
  /** What the screen may promise: `led`, `journal` … */
  capabilities: z.array(z.string().max(30)).max(16),
  /** Buttons that are stuck, 1-based. */
  stuck: z.array(z.int().min(1).max(32)).max(32),
  /** The newest fault since the start, and how long ago. */
  lastFault: z.object({ code: z.string().max(60), agoMs: z.int().min(0) }).nullable(),
});
export type PanelHealth = z.infer<typeof panelHealth>;

/** Who keeps the counter's page on the glass, and what the page said of itself last. */
export const windowHealth = z.object({
  /** `none`: a page is or was there, and nobody who keeps it. */
  shell: z.enum(['chromium', 'electron', 'none']),
  /** Of the shell's program, as it says it; null: not known. */
  version: z.string().max(40).nullable(),
  /** How often the shell found the page closed, crashed, hanging, strayed or covered, since the shell's own start. */
  restarts: z.int().min(0),
  /** What the last frame showed, and how long ago; null: none since the agent's start. A page beats once a second. */
  shown: z.object({ screen: z.string().max(20), agoMs: z.int().min(0) }).nullable(),
  /** For how long a page has been connected; absent: none is, or an older agent. */
  connectedMs: z.int().min(0).optional(),
});
export type WindowHealth = z.infer<typeof windowHealth>;

export const deviceHealth = z.object({
  /** `node 24.21.0, linux 6.1.0 x64`. */
  runtime: z.string().max(120),
  epoch: epochId,
  /** Since the agent's start. */
  upMs: z.int().min(0),
  /** Null: no panel is configured. */
  panel: panelHealth.nullable(),
  /** How far the clock can be off: of the last anchor of this boot and the time since; null: none in this boot. */
  clockBoundMs: z.int().min(0).nullable(),
  /** The hub's log as this device accepted it; `size` null: none yet. `refusals`: offers it ever refused. */
  witness: z.object({
    size: z.int().min(0).nullable(),
    /** Since it was last shown a checkpoint that it accepted (the same again counts); null: not since the start. */
    heardAgoMs: z.int().min(0).nullable(),
    refusals: z.int().min(0),
  }),
  /** False: the disk takes nothing, the screen says so. */
  isStoring: z.boolean(),
  /** What the agent raised since its start and has not ended, by code: how often, and how long ago last; absent: an older agent. */
  alarms: z
    .array(z.object({ code: z.string().max(60), count: z.int().min(1), agoMs: z.int().min(0) }))
    .max(16)
    .optional(),
  /** The page was shown anew so often since the start, as the hub asked; `isWaiting`: as soon as nobody is in the middle of anything. */
  reload: z.object({ isWaiting: z.boolean(), done: z.int().min(0) }).optional(),
  window: windowHealth.optional(),
});
export type DeviceHealth = z.infer<typeof deviceHealth>;
