/**
 * The real kiosk window inside a page of the hub, which plays the agent: both exchange messages of ui.ts, of their own
 * origin only. No schema is imported here, so that a page carries no validator.
 */
import type { AgentToWindow, WindowToAgent } from './ui.ts';

/** Under it the hub serves the built window; with `?preview` it listens to its parent page. */
export const PREVIEW_PATH = '/kiosk-preview/';

export interface ToPreview {
  readonly hailongPreview: AgentToWindow;
}
export interface FromPreview {
  readonly hailongPreview: WindowToAgent;
}
