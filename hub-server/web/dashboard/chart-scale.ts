/**
 * The arithmetic of the dashboard's charts. Pure; shares are hundredths of a per cent (0…10000). The satisfaction axis
 * may start above 0 and then says so in its labels; bars always start at 0.
 */

import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { Figures } from '@hailong/shared/protocol/http.ts';

/** Where the satisfaction axis starts: 50 % while every interval lies above it, else 0. */
export function axisStart(all: readonly Figures[]): number {
  const lowest = all.reduce((least, each) => Math.min(least, each.low ?? 10_000), 10_000);
  return lowest >= 5_000 ? 5_000 : 0;
}

export function axisTicks(start: number): number[] {
  const step = start === 5_000 ? 1_000 : 2_500;
  const found: number[] = [];
  for (let at = start; at <= 10_000; at += step) found.push(at);
  return found;
}

/** Position of a share on an axis of `width` px that starts at `start`. */
export function axisX(share: number, start: number, width: number): number {
  return ((Math.min(Math.max(share, start), 10_000) - start) / (10_000 - start)) * width;
}

export const LEVELS: readonly LevelKey[] = [5, 4, 3, 2, 1];

export interface Part {
  readonly level: LevelKey;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** Parts of the level stack, 5 → 1, over `width` px; a level nobody chose has no part. */
export function stackParts(levels: Figures['levels'], width: number): Part[] {
  const all = LEVELS.reduce((sum, level) => sum + levels[level], 0);
  let before = 0;
  return LEVELS.filter((level) => levels[level] > 0).map((level) => {
    const from = (before / all) * width;
    before += levels[level];
    return { level, count: levels[level], from, to: (before / all) * width };
  });
}

/** Fewer than 80 % invited, of at least 10: worth a look; a flag never punishes by itself. */
export function promptedTooRarely(figures: Figures): boolean {
  return figures.served >= 10 && figures.prompted < figures.served * 0.8;
}
