/**
 * The officer asks that the footage of an own finished turn be kept. Answer and date follow from the request alone: the same
 * whatever else is held, so that nobody learns here of a bad rating or a case. See hub-server/DESIGN.md, "Holds".
 */
import type { StationHoldAnswer, StationTurn, StationTurnsAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { date, hm } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { Dialog, Empty, Key, Loading, Note, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';
import type { useStation } from './use-station.ts';

type Live = ReturnType<typeof useStation>;

function Turns({ live }: { live: Live }): ReactNode {
  const text = useText(stationText);
  const { value, problem, loading, reload } = useLoad<StationTurnsAnswer>('/api/v1/station/turns');
  const [busy, setBusy] = useState(false);
  const [kept, setKept] = useState<{ turn: StationTurn; until: number } | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const nameOf = (turn: StationTurn): string => turn.queueNumber ?? text.noNumber;
  const ask = async (turn: StationTurn): Promise<void> => {
    setBusy(true);
    const answer = await live.send('POST', 'hold', { transactionId: turn.transactionId });
    setBusy(false);
    setKept(answer.ok ? { turn, until: (answer.value as StationHoldAnswer).until } : null);
    setRefused(answer.ok ? null : answer.problem);
  };
  if (kept)
    return (
      <Note
        tone="ok"
        head={text.holdKept(
          kept.turn.queueNumber ??
            `${hm(kept.turn.openedAt)}–${hm(kept.turn.finishedAt)} ${date(kept.turn.finishedAt)}`,
          date(kept.until),
        )}
      >
        <p className="small">{text.holdKeptWhy}</p>
      </Note>
    );
  return (
    <>
      {value && <p className="small">{text.holdWhy(value.withinDays, value.days)}</p>}
      {loading && <Loading />}
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      {refused && <ProblemNote problem={refused} />}
      {value?.turns.length === 0 && <Empty head={text.holdNone} />}
      <div className="turns">
        {value?.turns.map((turn) => (
          <Key
            key={turn.transactionId}
            className="reason turn"
            disabled={busy}
            onPress={() => void ask(turn)}
          >
            <b>{nameOf(turn)}</b>{' '}
            <span className="muted">
              {date(turn.finishedAt)} · {hm(turn.openedAt)}–{hm(turn.finishedAt)}
            </span>
            {turn.dossierCodes.length > 0 && <span className="muted"> {turn.dossierCodes.join(', ')}</span>}
          </Key>
        ))}
      </div>
    </>
  );
}

export function Hold({ live, onClose }: { live: Live; onClose: () => void }): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  return (
    <Dialog title={text.hold} onClose={onClose}>
      <Turns live={live} />
      <Key onPress={onClose}>{common.close}</Key>
    </Dialog>
  );
}
