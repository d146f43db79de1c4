/**
 * Purpose: what a kiosk knows of its own chains against what the hub holds: every hash, and the log it last accepted.
 * Refuses: to take an absent event for a good one. What came after the witness file is not witnessed by it, and said so.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { fromHex } from '@hailong/shared/edge/event.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import type { WitnessEpoch, WitnessHead } from '@hailong/shared/protocol/witness.ts';
import { sameBytes } from '../transactions/chain-judge.ts';
import type { Verdict } from './finding.ts';

/** All hashes under one number: the chain's first, then its branches'. */
export interface HeldHashes {
  readonly seq: number;
  readonly branch: number;
  readonly hash: Uint8Array;
}
export interface WitnessTools {
  /** From this number on, in order of (seq, branch); null: no such epoch of this device. */
  hashes(device: string, epoch: string, from: number): Iterable<HeldHashes> | null;
  /** Epochs of the device that the hub holds, with their heads. */
  epochs(device: string): Iterable<{ readonly epoch: string; readonly headSeq: number }>;
  onLine(checkpoint: LogHead): boolean | null;
  /** Parts the hub lists as never held: the device had deleted them as safe. */
  gaps(device: string, epoch: string): readonly { readonly from: number; readonly to: number }[];
  progress(events: number): void;
}

export function checkWitnessEpoch(
  head: WitnessHead,
  witness: WitnessEpoch,
  tools: WitnessTools,
  verdict: Verdict,
): void {
  const place = { device: head.device, epoch: witness.epoch };
  const last = witness.first + witness.hashes.length - 1;
  const rows = tools.hashes(head.device, witness.epoch, witness.first);
  let next = witness.first;
  const gaps = tools.gaps(head.device, witness.epoch);
  let [aside, gone] = [0, 0];
  /** Whether the number that is due has been met with the witness's hash. */
  let met: 'no' | 'other' | 'chain' | 'branch' = 'no';
  const settle = (): void => {
    if (met === 'other') verdict.find('witness.differs', { ...place, seq: next });
    if (met === 'branch') aside++;
    met = 'no';
    next++;
  };
  for (const row of rows ?? []) {
    if (row.seq > last && next > last) break;
    while (next < row.seq && next <= last) {
      if (met === 'no') {
        if (gaps.some(({ from, to }) => from <= next && next <= to)) gone++;
        else verdict.find('witness.missing', { ...place, seq: next });
      }
      settle();
    }
    if (next > last) break;
    const wanted = witness.hashes[next - witness.first];
    const same = wanted !== undefined && sameBytes(fromHex(wanted), row.hash);
    if (same) met = row.branch === 0 ? 'chain' : 'branch';
    else if (met === 'no') met = 'other';
    tools.progress(1);
  }
  if (met !== 'no') settle();
  const isGone = (seq: number): boolean => gaps.some(({ from, to }) => from <= seq && seq <= to);
  for (; next <= last && isGone(next); next++) gone++;
  if (next <= last) verdict.find('witness.missing', { ...place, seq: next, to: last });
  if (aside > 0) verdict.cannotProve('event.aside', place, `${aside}`);
  if (gone > 0) verdict.cannotProve('event.floor', place, `${gone}`);
}

/** After the epochs: what of this device the hub holds beyond the witness, and the log. */
export function checkWitnessEnd(
  head: WitnessHead,
  lasts: ReadonlyMap<string, number>,
  checkpoint: LogHead | null | 'bad',
  tools: WitnessTools,
  verdict: Verdict,
): void {
  const { device } = head;
  for (const { epoch, headSeq } of tools.epochs(device)) {
    const last = lasts.get(epoch) ?? 0;
    if (headSeq > last) verdict.cannotProve('witness.behind', { device, epoch, seq: last + 1, to: headSeq });
  }
  if (checkpoint === null) {
    verdict.cannotProve('log.unwitnessed', { device });
    return;
  }
  const line = checkpoint === 'bad' ? false : tools.onLine(checkpoint);
  const size = checkpoint === 'bad' ? undefined : checkpoint.size;
  if (line === false) verdict.find('witness.checkpoint', { device, size });
  else if (line === null) verdict.cannotProve('log.left_behind', { device, size });
}
