/**
 * Purpose: what a kiosk's hello says about the log, and what the welcome says back. A kiosk that saw more than is here,
 * or another past, is an alarm: the row stands in the log, and the hub asks itself whether it was restored.
 * Refuses: a checkpoint that this hub's key did not sign as proof of anything. Nothing here ever ends a line.
 */

import type { Sha256 } from '@hailong/shared/edge/event.ts';
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import { type LogHead, openCheckpoint, type VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { Clock } from '@hailong/shared/time.ts';
import type { LogPort, WitnessAlarm } from '../ports/log.ts';

export interface WitnessParts {
  readonly log: Pick<LogPort, 'judge' | 'alarm'>;
  /** Raw Ed25519, base64url. */
  readonly hubKey: string;
  readonly verify: VerifySignature;
  readonly sha256: Sha256;
  readonly clock: Pick<Clock, 'now'>;
  /** Notes that were found good, by their text: after an outage a thousand kiosks hold the same few. */
  readonly opened: Map<string, LogHead>;
}
/** The oldest goes. */
const OPENED_MAX = 64;

export interface LogWelcome {
  readonly said: Pick<
    Extract<HubToDevice, { type: 'welcome' }>,
    'checkpoint' | 'consistency' | 'successions'
  >;
  /** What further checkpoints on this line go on from; null: it is told of none, it would refuse each. */
  readonly told: LogHead | null;
  /**
   * A signed checkpoint of ours that our log does not hold and that nobody has signed for: this data is older than what
   * was said before, or another. Said once for a log that has ended, each time for the one that grows.
   */
  readonly ahead: boolean;
}

export async function hearWitness(
  parts: WitnessParts,
  device: string,
  held: Checkpoint | null,
): Promise<LogWelcome> {
  const { log, clock } = parts;
  const signed = held ? opened(parts, held.text) : null;
  const good =
    held !== null && signed?.origin === held.origin && signed.size === held.size && signed.root === held.root;
  const answer = await log.judge({ held: good ? held : null });
  const kind: WitnessAlarm | null =
    held && !good ? 'foreign' : answer.verdict === 'agrees' ? null : answer.verdict;
  const fresh = held !== null && kind !== null && (await log.alarm({ device, held, kind, at: clock.now() }));
  const { checkpoint, consistency, successions } = answer;
  return {
    said: {
      checkpoint,
      ...(consistency ? { consistency: consistency as Sha256Hex[] } : {}),
      ...(successions.length > 0 ? { successions: [...successions] } : {}),
    },
    told: answer.follows && kind !== 'foreign' ? checkpoint : null,
    ahead:
      kind !== null &&
      kind !== 'foreign' &&
      !answer.follows &&
      (fresh || held?.origin === answer.checkpoint?.origin),
  };
}

function opened({ opened, hubKey, verify, sha256 }: WitnessParts, text: string): LogHead | null {
  const known = opened.get(text);
  if (known) return known;
  const signed = openCheckpoint(text, hubKey, verify, sha256);
  if (!signed) return null;
  if (opened.size >= OPENED_MAX) opened.delete(opened.keys().next().value!);
  opened.set(text, signed);
  return signed;
}
