/**
 * Window ↔ agent: over the agent's loopback WebSocket with a token, or relayed by Electron's main through the
 * preload. The agent says what to show; the window shows it and reports touches. The window holds no state that
 * matters: it may crash or be replaced at any time. Nothing here lets an officer infer a level: the same screens
 * and durations follow every tap.
 */
import { z } from 'zod';
import { askTicket, ratingId, sha256Hex } from '../ids.ts';
import { bilingual, levelKey, questionKey } from '../model/instrument.ts';

export const UI_PATH = '/ui/v1';

const officeLine = z.object({ name: z.string(), place: z.string() });
export const shownOfficer = z.object({
  name: z.string(),
  position: z.string(),
  unitName: z.string(),
  /** Fetched from the gateway as `/photos/{sha256}`. */
  photo: sha256Hex.nullable(),
});
export type ShownOfficer = z.infer<typeof shownOfficer>;

/** Present on every screen. */
const common = {
  office: officeLine,
  counterNumber: z.string(),
  /** Hub link, only for a small sign of the operator; never shown to the citizen as an error. */
  online: z.boolean(),
  notice: z.object({ retentionDays: z.int(), phone: z.string() }).nullable(),
};

export const question = z.object({
  rating: ratingId,
  question: questionKey,
  askTicket,
  /** 1-based position and number of questions: overall first, then the criteria of the stage. */
  step: z.int().min(1),
  steps: z.int().min(1),
  /** The overall question, or the criterion's name. */
  text: bilingual,
  levels: z.array(z.object({ key: levelKey, word: bilingual })),
});
export type Question = z.infer<typeof question>;

export const screen = z.discriminatedUnion('name', [
  /** The agent has no configuration yet. */
  z.object({ name: z.literal('starting'), ...common }),
  /** Nobody on duty: "Quầy tạm ngừng phục vụ". */
  z.object({ name: z.literal('closed'), ...common }),
  /** An officer on duty, nobody being served. */
  z.object({ name: z.literal('rest'), ...common, officer: shownOfficer }),
  z.object({
    name: z.literal('serving'),
    ...common,
    officer: shownOfficer,
    queueNumber: z.string().nullable(),
    dossierCodes: z.array(z.string()),
  }),
  z.object({
    name: z.literal('question'),
    ...common,
    question,
    /** For the even remaining-time line: total and left, ms. */
    closeAfterMs: z.int(),
    closesInMs: z.int(),
    /** "Chọn lại" of the previous answer is offered. */
    canCorrect: z.boolean(),
  }),
  z.object({ name: z.literal('thanks'), ...common, canCorrect: z.boolean() }),
  z.object({ name: z.literal('cannot-store'), ...common }),
]);
export type Screen = z.infer<typeof screen>;
export type ScreenName = Screen['name'];

export const agentToWindow = z.discriminatedUnion('type', [
  z.object({ type: z.literal('screen'), revision: z.int(), screen }),
  /** The vote of this press is on disk. */
  z.object({ type: z.literal('recorded'), press: z.uuid() }),
  z.object({ type: z.literal('refused'), press: z.uuid(), code: z.string() }),
  /** A panel button was pressed for the question on show (feedback only; no level in it). */
  z.object({ type: z.literal('pressed'), button: z.int() }),
]);
export type AgentToWindow = z.infer<typeof agentToWindow>;

export const windowToAgent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string().max(100) }),
  z.object({ type: z.literal('tap'), press: z.uuid(), rating: ratingId, askTicket, level: levelKey }),
  z.object({ type: z.literal('skip'), rating: ratingId, askTicket }),
  z.object({ type: z.literal('correct'), rating: ratingId.nullable() }),
  z.object({ type: z.literal('citizen.open') }),
]);
export type WindowToAgent = z.infer<typeof windowToAgent>;

/** What the renderer is given, by preload or by the loopback socket: one object, nothing else. */
export interface Bridge {
  /** Calls `receive` for every message, beginning with the current screen; the answer unsubscribes. */
  subscribe(receive: (message: AgentToWindow) => void): () => void;
  send(message: WindowToAgent): void;
  /** `connected` false: the agent is away (updating, restarting); the screen says so calmly. */
  onConnection(listen: (connected: boolean) => void): () => void;
  photoUrl(sha256: string): string;
}
