/** Codes for a kiosk that runs low: those that no rating carries yet, and new ones up to a full pool. */
import type { Clock } from '@hailong/shared/time.ts';
import type { OwnChainPort } from '../ports/own-chain.ts';
import type { SlipCodes } from './slip-codes.ts';

/** A busy counter serves some hundred citizens in a day without the hub. */
export const SLIPS_FULL = 150;
export const SLIPS_LOW = 75;

export interface SlipParts {
  readonly ownChain: Pick<OwnChainPort, 'slips' | 'issueSlips'>;
  readonly slipCodes: SlipCodes;
  readonly clock: Pick<Clock, 'now'>;
}

/** `all`: also those it was told before, since this line does not know what came through. Answers the codes to send. */
export async function supplySlips(parts: SlipParts, device: string, all: boolean): Promise<string[]> {
  const { ownChain, slipCodes, clock } = parts;
  const { free, next } = await ownChain.slips(device);
  const told = all ? free.map((number) => slipCodes.ofKiosk(device, number).code) : [];
  if (free.length >= SLIPS_LOW) return told;
  const fresh = Array.from({ length: SLIPS_FULL - free.length }, (_, i) => next + i);
  const codes = fresh.map((number) => ({ number, ...slipCodes.ofKiosk(device, number) }));
  await ownChain.issueSlips({
    ...{ device, at: clock.now() },
    codes: codes.map(({ number, slip }) => ({ number, slip })),
  });
  return [...told, ...codes.map(({ code }) => code)];
}
