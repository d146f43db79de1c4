/** What waits for a second person, and what the reader asked for. The same on the inspector's and the administrator's page. */
import type { ActAnswer, ActState } from '@hailong/shared/protocol/acts.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import './acts.css';
import { ApproveDialog, RefuseDialog } from './act-dialogs.tsx';
import { factsOf } from './act-facts.ts';
import { actText } from './act-text.ts';
import { dateTime } from './format.ts';
import { useText } from './lang.ts';
import { Empty, Key, Loading, Mark, ProblemNote, type Tone } from './parts.tsx';
import { useActs } from './second-person.tsx';

/** Somebody may ask at any time; nobody stares at this page. */
const RELOAD_MS = 30_000;
const TONES: Readonly<Record<ActState, Tone>> = {
  ...{ pending: 'attention', approved: 'ok', refused: 'critical', withdrawn: 'idle', expired: 'idle' },
};

export function ActsPanel(): ReactNode {
  const text = useText(actText);
  const { acts, problem, loading, reload } = useActs(RELOAD_MS);
  const [approving, setApproving] = useState<ActAnswer | null>(null);
  const [refusing, setRefusing] = useState<ActAnswer | null>(null);
  const done = (): void => {
    setApproving(null);
    setRefusing(null);
    void reload();
  };
  const keyOf = (verb: string, act: ActAnswer): string =>
    `${verb}: ${text.kinds[act.kind]}, ${factsOf(act, text).what}`;
  const waiting = acts?.filter((each) => each.mayDecide) ?? [];
  const mine = acts?.filter((each) => each.mine) ?? [];
  return (
    <>
      <p className="muted">{text.why}</p>
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      <section className="panel list-panel">
        {loading && <Loading />}
        {acts && waiting.length === 0 && (
          <Empty head={text.none}>
            <p>{text.noneNext}</p>
          </Empty>
        )}
        {waiting.length > 0 && (
          <ActTable acts={waiting}>
            {(act) => (
              <div className="keys">
                <Key onPress={() => setApproving(act)} label={keyOf(text.approve, act)}>
                  {text.approve}
                </Key>
                <Key onPress={() => setRefusing(act)} label={keyOf(text.refuse, act)}>
                  {text.refuse}
                </Key>
              </div>
            )}
          </ActTable>
        )}
      </section>
      <h2>{text.mine}</h2>
      <section className="panel list-panel">
        {acts && mine.length === 0 && <Empty head={text.mineNone} />}
        {mine.length > 0 && (
          <ActTable acts={mine}>
            {(act) =>
              act.state === 'pending' && (
                <Key onPress={() => setRefusing(act)} label={keyOf(text.withdraw, act)}>
                  {text.withdraw}
                </Key>
              )
            }
          </ActTable>
        )}
      </section>
      {approving && <ApproveDialog act={approving} onClose={() => setApproving(null)} onDone={done} />}
      {refusing && <RefuseDialog act={refusing} onClose={() => setRefusing(null)} onDone={done} />}
    </>
  );
}

function ActTable({
  acts,
  children,
}: {
  acts: readonly ActAnswer[];
  children: (act: ActAnswer) => ReactNode;
}): ReactNode {
  const text = useText(actText);
  return (
    <table className="list list-acts">
      <thead>
        <tr>
          <th>{text.what}</th>
          <th>{text.reason}</th>
          <th>{text.askedBy}</th>
          <th>{text.state}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {acts.map((act) => {
          const { what, more } = factsOf(act, text);
          return (
            <tr key={act.id}>
              <td>
                <b>{text.kinds[act.kind]}</b>
                <div>{what}</div>
                {more.map((line) => (
                  <div className="small muted" key={line}>
                    {line}
                  </div>
                ))}
              </td>
              <td className="act-reason">{act.reason}</td>
              <td>
                {act.askedBy.name}
                <div className="small muted">{dateTime(act.askedAt)}</div>
              </td>
              <td>
                <span className="status">
                  <Mark tone={TONES[act.state]} />
                  {text.states[act.state]}
                </span>
                <div className="small muted">
                  {act.decidedBy
                    ? `${act.decidedBy.name}, ${dateTime(act.decidedAt ?? act.askedAt)}`
                    : `${text.until} ${dateTime(act.expiresAt)}`}
                </div>
                {act.decidedReason && <div className="small muted">{act.decidedReason}</div>}
              </td>
              <td className="list-act">{children(act)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
