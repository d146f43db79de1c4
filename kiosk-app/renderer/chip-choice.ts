/**
 * The page of chips between two answers of the agent: the set as touched runs ahead of the set as recorded, so that a
 * quick hand loses nothing, and one set at a time is on its way. Pure. A chip touched twice at once (a trembling hand)
 * counts once. The set is always said in the page's order: no order of touches leaves the window.
 */
import type { ChipKey } from '@hailong/shared/model/instrument.ts';
import type { Screen } from '@hailong/shared/protocol/ui.ts';

/** A second touch of the same chip this soon is the end of the first. */
export const SAME_TOUCH_MS = 350;

export interface ChipChoice {
  /** As touched; null: as the agent has it. */
  readonly chosen: readonly ChipKey[] | null;
  readonly lastKey: ChipKey | null;
  readonly lastAtMs: number;
  /** Identity of the newest touch that was not sent yet. */
  readonly unsent: string | null;
  /** "Xong" or "Bỏ qua" was pressed while a set was on its way: it follows. */
  readonly leaving: boolean;
}

export interface TouchedChip {
  readonly chip: ChipKey;
  readonly press: string;
}

export const noChoice: ChipChoice = {
  chosen: null,
  lastKey: null,
  lastAtMs: 0,
  unsent: null,
  leaving: false,
};

export function touchChip(
  choice: ChipChoice,
  page: Extract<Screen, { name: 'chips' }>,
  { chip, press }: TouchedChip,
  nowMs: number,
): ChipChoice {
  if (choice.leaving || (chip === choice.lastKey && nowMs - choice.lastAtMs < SAME_TOUCH_MS)) return choice;
  const now = new Set(choice.chosen ?? page.chosen);
  if (!now.delete(chip)) now.add(chip);
  const chosen = page.chips.map(({ key }) => key).filter((key) => now.has(key));
  return { ...choice, chosen, lastKey: chip, lastAtMs: nowMs, unsent: press };
}

export const chipsSent = (choice: ChipChoice): ChipChoice => ({ ...choice, unsent: null });

/** The press under which the set goes now that `recorded` is on disk; null: nothing new was touched. */
export function pressToSend({ chosen, unsent }: ChipChoice, recorded: readonly ChipKey[]): string | null {
  if (chosen === null || unsent === null || chosen.join() === recorded.join()) return null;
  return unsent;
}

/** Nothing is on its way: the agent's word counts. What was touched last is still remembered against a double touch. */
export const adoptChips = (choice: ChipChoice): ChipChoice =>
  choice.chosen === null ? choice : { ...choice, chosen: null, unsent: null };
