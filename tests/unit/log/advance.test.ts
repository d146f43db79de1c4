/* What a witness takes for the same log going on, and what it refuses: by hand and against random histories. */
import { toHex } from '@hailong/shared/edge/event.ts';
import { acceptCheckpoint, type Checkpoint, type Offer } from '@hailong/shared/log/advance.ts';
import {
  consistencyProof,
  leafHash,
  type ReadNode,
  rootAt,
  rootOfLeaves,
} from '@hailong/shared/log/merkle.ts';
import type { Succession } from '@hailong/shared/protocol/edge.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointOf, makeKey, sha256, statementOf, verifyKey } from './keys.ts';

const hub = makeKey();
const recovery = makeKey();
const keys = { hubKey: hub.publicKey, recoveryKey: recovery.publicKey };

/** A log as its leaves; small enough to be hashed anew for each node. */
function logOf(origin: string, leaves: readonly string[]) {
  const hashes = leaves.map((each) => leafHash(sha256, new TextEncoder().encode(each)));
  const read: ReadNode = (level, index) =>
    rootOfLeaves(sha256, hashes.slice(index * 2 ** level, (index + 1) * 2 ** level));
  const at = (size: number): Checkpoint => checkpointOf(hub, origin, size, rootAt(sha256, read, size));
  const offer = (from: number, to: number): Offer => ({
    checkpoint: at(to),
    consistency: consistencyProof(sha256, read, from, to).map(toHex),
  });
  return { at, offer };
}

const judge = (held: Checkpoint | null, offer: Offer) =>
  acceptCheckpoint(held, offer, keys, verifyKey, sha256);
const reason = (held: Checkpoint | null, offer: Offer) => {
  const said = judge(held, offer);
  return said.kind === 'refused' ? said.reason : said.kind;
};
const words = Array.from({ length: 40 }, (_, i) => `row ${i}`);
const log = logOf('hailong/a/l-1', words);
const succession = (from: Checkpoint, origin: string): Succession => ({
  ...{ v: 'hailong-restore-v1', from: { origin: from.origin, size: from.size, root: from.root }, origin },
  ...{ lineage: origin.split('/')[2] ?? '', by: ['An', 'Bình'], at: 1_800_000_000_000 as UtcMs },
});

describe('a witness', () => {
  it('takes the first one, and a grown log with its proof', () => {
    expect(judge(null, log.offer(0, 7))).toEqual({
      kind: 'accepted',
      checkpoint: log.at(7),
      successions: [],
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (a, b) => {
        if (a > b) expect(reason(log.at(a), { checkpoint: log.at(b), consistency: [] })).toBe('smaller');
        else expect(reason(log.at(a), log.offer(a, b))).toBe('accepted');
      }),
    );
  });

  it('refuses a rewritten log, whatever proof comes with it', () => {
    fc.assert(
      fc.property(
        ...[
          fc.integer({ min: 1, max: 39 }),
          fc.integer({ min: 0, max: 39 }),
          fc.integer({ min: 0, max: 38 }),
        ],
        (held, more, row) => {
          const forged = logOf(
            'hailong/a/l-1',
            words.map((each, i) => (i === row % held ? 'other' : each)),
          );
          const size = Math.min(40, held + more);
          for (const offer of [
            forged.offer(held, size),
            { ...forged.offer(held, size), consistency: log.offer(held, size).consistency },
            { checkpoint: forged.at(size) },
          ])
            expect(reason(log.at(held), offer)).toBe('inconsistent');
        },
      ),
    );
  });

  it('refuses fields that the note does not say, and another key’s note', () => {
    const good = log.offer(3, 9);
    expect(reason(log.at(3), { ...good, checkpoint: { ...good.checkpoint, size: 10 } })).toBe(
      'bad-signature',
    );
    expect(reason(log.at(3), { ...good, checkpoint: { ...good.checkpoint, root: log.at(8).root } })).toBe(
      'bad-signature',
    );
    expect(reason(null, { ...good, checkpoint: { ...good.checkpoint, origin: 'hailong/a/l-2' } })).toBe(
      'bad-signature',
    );
    const other = checkpointOf(makeKey(), 'hailong/a/l-1', 9, new Uint8Array(32));
    expect(reason(log.at(3), { checkpoint: other })).toBe('bad-signature');
    expect(reason(log.at(3), { ...good, consistency: ['zz'] })).toBe('inconsistent');
  });

  it('follows lawful restores one after another, also to a smaller log', () => {
    const [b, c] = [logOf('hailong/a/l-2', ['b0', 'b1']), logOf('hailong/a/l-3', ['c0'])];
    const toB = succession(log.at(20), 'hailong/a/l-2');
    const toC = succession(b.at(2), 'hailong/a/l-3');
    const said = [toB, toC].map((each) => statementOf(recovery, each));
    const taken = judge(log.at(30), { checkpoint: c.at(1), successions: said });
    expect(taken).toEqual({ kind: 'accepted', checkpoint: c.at(1), successions: [toB, toC] });
    expect(reason(log.at(30), { checkpoint: b.at(2), successions: said })).toBe('accepted');
    // Not back, not without the link in between, not by the hub's own key.
    expect(reason(c.at(1), { checkpoint: log.at(40), successions: said })).toBe('other-origin');
    expect(reason(log.at(30), { checkpoint: c.at(1), successions: said.slice(1) })).toBe('other-origin');
    expect(reason(log.at(30), { checkpoint: b.at(2) })).toBe('other-origin');
    expect(reason(log.at(30), { checkpoint: b.at(2), successions: [statementOf(hub, toB)] })).toBe(
      'other-origin',
    );
  });

  it('ends in a circle of statements, and refuses a changed one', () => {
    const b = logOf('hailong/a/l-2', ['b0']);
    const circle = [
      succession(checkpointOf(hub, 'hailong/a/l-9', 1, new Uint8Array(32)), 'hailong/a/l-2'),
      succession(b.at(1), 'hailong/a/l-9'),
    ].map((each) => statementOf(recovery, each));
    expect(reason(log.at(3), { checkpoint: b.at(1), successions: circle })).toBe('other-origin');
    const said = statementOf(recovery, succession(log.at(20), 'hailong/a/l-2'));
    fc.assert(
      fc.property(fc.boolean(), fc.nat(), fc.base64String({ minLength: 4 }), (inBytes, pick, letters) => {
        const text = inBytes ? said.bytes : said.sig;
        const at = pick % text.length;
        const letter = letters.replace(/[+/=]/g, '_')[0] ?? '_';
        if (text[at] === letter) return;
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        const statement = inBytes ? { ...said, bytes: changed } : { ...said, sig: changed };
        expect(reason(log.at(3), { checkpoint: b.at(1), successions: [statement] })).toBe('other-origin');
      }),
    );
  });
});
