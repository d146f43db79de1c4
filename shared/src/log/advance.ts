/**
 * A witness's decision on a checkpoint it is shown: does this log go on from the one it holds? The same log must grow
 * and prove it; another log needs statements of the recovery key that lead to it from the one held.
 * Refuses with a reason; a refusal is an alarm and never stops the upload. See shared/PROTOCOL.md, "Log".
 */
import type { z } from 'zod';
import { fromHex, type Sha256 } from '../edge/event.ts';
import { type checkpoint, type SignedStatement, type Succession, succession } from '../protocol/edge.ts';
import { fromBase64Url } from './base64.ts';
import { openCheckpoint, type VerifySignature } from './checkpoint.ts';
import { verifyConsistency } from './merkle.ts';

export type Checkpoint = z.infer<typeof checkpoint>;
/** As in `checkpoint.refused`. */
export type RefusedReason = 'smaller' | 'inconsistent' | 'bad-signature' | 'other-origin';

export type Advance =
  | {
      readonly kind: 'accepted';
      readonly checkpoint: Checkpoint;
      /** The log before was followed by this one: the statements that say so, oldest first. */
      readonly successions: readonly Succession[];
    }
  | { readonly kind: 'refused'; readonly reason: RefusedReason };

export interface Offer {
  readonly checkpoint: Checkpoint;
  /** From the size held to the one offered, hex. */
  readonly consistency?: readonly string[] | undefined;
  readonly successions?: readonly SignedStatement[] | undefined;
}
export interface PinnedKeys {
  /** Raw Ed25519, base64url. */
  readonly hubKey: string;
  readonly recoveryKey: string;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const HASH = /^[0-9a-f]{64}$/;

/** What the recovery key said, or null: unsigned, of another key, of another form. */
export function readSuccession(
  statement: SignedStatement,
  recoveryKey: string,
  verify: VerifySignature,
): Succession | null {
  const bytes = fromBase64Url(statement.bytes);
  if (!bytes || fromBase64Url(statement.sig)?.length !== 64) return null;
  if (!verify(recoveryKey, bytes, statement.sig)) return null;
  try {
    const parsed = succession.safeParse(JSON.parse(strictUtf8.decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Statements that lead from one origin to another, oldest first; null: they do not. */
export function leadTo(from: string, to: string, all: readonly Succession[]): readonly Succession[] | null {
  const path: Succession[] = [];
  for (let origin = to; origin !== from; ) {
    const step = all.find((each) => each.origin === origin);
    // An origin follows one other; a second visit is a circle.
    if (!step || path.includes(step)) return null;
    path.unshift(step);
    origin = step.from.origin;
  }
  return path;
}

/** `held` null: the first one this device is shown, at its enrolment. */
export function acceptCheckpoint(
  held: Checkpoint | null,
  offer: Offer,
  keys: PinnedKeys,
  verify: VerifySignature,
  sha256: Sha256,
): Advance {
  const refused = (reason: RefusedReason): Advance => ({ kind: 'refused', reason });
  const offered = offer.checkpoint;
  const accepted = (successions: readonly Succession[]): Advance => ({
    ...{ kind: 'accepted', checkpoint: offered, successions },
  });
  if (held && isSame(held, offered)) return accepted([]);
  const signed = openCheckpoint(offered.text, keys.hubKey, verify, sha256);
  if (!signed) return refused('bad-signature');
  if (signed.origin !== offered.origin || signed.size !== offered.size || signed.root !== offered.root)
    return refused('bad-signature');
  if (held === null) return accepted([]);

  if (held.origin !== offered.origin) {
    const said = (offer.successions ?? []).flatMap(
      (each) => readSuccession(each, keys.recoveryKey, verify) ?? [],
    );
    const path = leadTo(held.origin, offered.origin, said);
    return path ? accepted(path) : refused('other-origin');
  }
  if (offered.size < held.size) return refused('smaller');
  const proof = offer.consistency ?? [];
  const good =
    proof.every((each) => HASH.test(each)) &&
    verifyConsistency(sha256, {
      ...{ first: held.size, firstRoot: fromHex(held.root) },
      ...{ second: offered.size, secondRoot: fromHex(offered.root), proof: proof.map(fromHex) },
    });
  return good ? accepted([]) : refused('inconsistent');
}

/** What is held was found good when it was accepted. */
function isSame(held: Checkpoint, offered: Checkpoint): boolean {
  const { origin, size, root, text } = held;
  return text === offered.text && origin === offered.origin && size === offered.size && root === offered.root;
}
