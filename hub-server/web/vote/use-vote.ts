/**
 * The life of the page: from the address or a typed code over the hub's first answer to the vote and its receipt. A vote that
 * could not be sent is sent again under the same id until the hub has it; the page may be opened again at any time, also then.
 */
import type { PrivateOpenAnswer, PrivateReceipt } from '@hailong/shared/protocol/private.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { answersOf, type Ballot, beginBallot } from './ballot.ts';
import { AGAIN_MS, askReceipt, openWay, type Refusal, SLOW_MS, sendVote, type Vote } from './hub.ts';
import { dropUnsent, keepUnsent, unsentOf } from './unsent.ts';
import { heldToken, makeToken, newVoteId, type Way, wayOf } from './way.ts';

export type Stand =
  | { readonly at: 'start'; readonly way: Way }
  | { readonly at: 'code' }
  | { readonly at: 'opening'; readonly way: Way }
  | { readonly at: 'refused'; readonly why: Refusal; readonly way: Way | null }
  | { readonly at: 'ballot'; readonly way: Way; readonly opened: PrivateOpenAnswer; readonly ballot: Ballot }
  | {
      readonly at: 'sending';
      readonly way: Way;
      readonly opened: PrivateOpenAnswer;
      readonly vote: Vote;
      /** It failed before and is tried again. */
      readonly failed: boolean;
    }
  | {
      readonly at: 'sent';
      readonly way: Way;
      readonly opened: PrivateOpenAnswer;
      /** Null: sent before this page was opened. */
      readonly thanked: 'full' | 'received' | null;
      /** Null: not told yet. */
      readonly receipt: PrivateReceipt | null;
    };

function first(): Stand {
  const way = wayOf(location.hash);
  if (way === null) return { at: 'code' };
  if (way === 'damaged') return { at: 'refused', why: 'ticket_invalid', way: null };
  // Who has voted from this phone before has said yes to its token.
  return { at: heldToken() === null ? 'start' : 'opening', way };
}

export interface VoteActs {
  start(way: Way): void;
  typed(code: string): void;
  code(): void;
  turn(change: (ballot: Ballot) => Ballot): void;
  send(): void;
  lookAgain(): void;
}

export function useVote(): { stand: Stand; slow: boolean; acts: VoteActs } {
  const [stand, setStand] = useState<Stand>(first);
  const [slow, setSlow] = useState(false);
  const [tries, setTries] = useState(0);
  const busy = stand.at === 'opening' || stand.at === 'sending';

  useEffect(() => {
    setSlow(false);
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [busy]);

  useEffect(() => {
    const moved = (): void => setStand(first());
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);

  const opening = stand.at === 'opening' ? stand.way : null;
  useEffect(() => {
    if (opening === null) return;
    let gone = false;
    void openWay(opening, makeToken()).then((said) => {
      if (gone) return;
      if (!said.ok) {
        setStand({ at: 'refused', why: said.why, way: opening });
        return;
      }
      const opened = said.value;
      const ballot = beginBallot(opened);
      const unsent = unsentOf(opening);
      if (opened.voted) {
        dropUnsent();
        setStand({ at: 'sent', way: opening, opened, thanked: null, receipt: null });
      } else if (unsent) setStand({ at: 'sending', way: opening, opened, vote: unsent, failed: false });
      else if (ballot) setStand({ at: 'ballot', way: opening, opened, ballot });
      else setStand({ at: 'refused', why: 'other', way: opening });
    });
    return () => {
      gone = true;
    };
  }, [opening]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new try is a new sending of the same vote
  useEffect(() => {
    if (stand.at !== 'sending') return;
    const { way, opened, vote } = stand;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void sendVote(way, makeToken(), vote).then((said) => {
      if (gone) return;
      if (said.ok) {
        dropUnsent();
        setStand({ at: 'sent', way, opened, thanked: said.value.thanked, receipt: null });
      } else if (said.why === 'away' || said.why === 'too_many') {
        setStand((now) => (now.at === 'sending' ? { ...now, failed: true } : now));
        timer = setTimeout(() => setTries((n) => n + 1), AGAIN_MS);
      } else {
        dropUnsent();
        setStand({ at: 'refused', why: said.why, way });
      }
    });
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [stand.at === 'sending' ? stand.vote : null, tries]);

  const asked = stand.at === 'sent' ? stand.way : null;
  const look = useCallback(async (way: Way): Promise<void> => {
    const said = await askReceipt(way, makeToken());
    if (said.ok)
      setStand((now) => (now.at === 'sent' && now.way === way ? { ...now, receipt: said.value } : now));
  }, []);
  useEffect(() => {
    if (asked !== null) void look(asked);
  }, [asked, look]);

  const at = useRef(stand);
  at.current = stand;
  const [acts] = useState<VoteActs>(() => ({
    start: (way) => setStand({ at: 'opening', way }),
    typed(code) {
      // In the address, so that the page opens again by it; behind `#`, so that no server's log holds it.
      const bare = code.replace(/[^0-9A-Za-z]/g, '');
      history.replaceState(null, '', `#${bare}`);
      setStand({ at: 'opening', way: { code: bare } });
    },
    code: () => setStand({ at: 'code' }),
    turn: (change) => setStand((now) => (now.at === 'ballot' ? { ...now, ballot: change(now.ballot) } : now)),
    send() {
      const now = at.current;
      if (now.at === 'sending') setTries((n) => n + 1);
      if (now.at !== 'ballot') return;
      const { way, opened, ballot } = now;
      const vote = { vote: newVoteId(), answers: answersOf(ballot), chips: ballot.chips };
      keepUnsent(way, vote);
      setStand({ at: 'sending', way, opened, vote, failed: false });
    },
    lookAgain() {
      if (at.current.at === 'sent') void look(at.current.way);
    },
  }));
  return { stand, slow, acts };
}
