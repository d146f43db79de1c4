/** What waits for a second person, and what the reader asked for. The same on the inspector's and the administrator's page. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { actText } from './act-text.ts';
import { dateTime } from './format.ts';
import { useText } from './lang.ts';
import { Dialog, Empty, Key, Loading, ProblemNote } from './parts.tsx';
import { ACTS_PATH, named, spanOf, useActs, useSending, WordsField } from './second-person.tsx';
import { words } from './words.ts';

/** Somebody may ask at any time; nobody stares at this page. */
const RELOAD_MS = 30_000;

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
                <Key main onPress={() => setApproving(act)}>
                  {text.approve}
                </Key>
                <Key onPress={() => setRefusing(act)}>{text.refuse}</Key>
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
            {(act) => act.state === 'pending' && <Key onPress={() => setRefusing(act)}>{text.withdraw}</Key>}
          </ActTable>
        )}
      </section>
      {approving && <Approve act={approving} onClose={() => setApproving(null)} onDone={done} />}
      {refusing && <Refuse act={refusing} onClose={() => setRefusing(null)} onDone={done} />}
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
    <table className="list">
      <thead>
        <tr>
          <th>{text.what}</th>
          <th>{text.object}</th>
          <th>{text.reason}</th>
          <th>{text.askedBy}</th>
          <th>{text.state}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {acts.map((act) => {
          const span = spanOf(act);
          return (
            <tr key={act.id}>
              <td>
                <b>{text.kinds[act.kind]}</b>
                {span && <div className="small muted">{span}</div>}
              </td>
              <td>{named(act.object)}</td>
              <td className="clip-text">{act.reason}</td>
              <td>
                {act.askedBy.name}
                <div className="small muted">{dateTime(act.askedAt)}</div>
              </td>
              <td>
                {text.states[act.state]}
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

interface DecideProps {
  readonly act: ActAnswer;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Approve({ act, onClose, onDone }: DecideProps): ReactNode {
  const text = useText(actText);
  const common = useText(words);
  const { busy, problem, send } = useSending();
  const span = spanOf(act);
  const approve = async (): Promise<void> => {
    if (await send(`${ACTS_PATH}/${act.id}/approve`, {})) onDone();
  };
  return (
    <Dialog title={text.approveAsk(text.kinds[act.kind], named(act.object))} onClose={onClose}>
      {span && <p>{span}</p>}
      <p>
        {act.askedBy.name}: {act.reason}
      </p>
      <p>{text.approveWhy}</p>
      {problem && <ProblemNote problem={problem} />}
      <div className="keys">
        <Key main busy={busy} onPress={() => void approve()}>
          {busy ? common.wait : text.approve}
        </Key>
        <Key onPress={onClose}>{common.cancel}</Key>
      </div>
    </Dialog>
  );
}

function Refuse({ act, onClose, onDone }: DecideProps): ReactNode {
  const text = useText(actText);
  const common = useText(words);
  const [reason, setReason] = useState('');
  const { busy, problem, send } = useSending();
  const refuse = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await send(`${ACTS_PATH}/${act.id}/refuse`, { reason })) onDone();
  };
  const verb = act.mine ? text.withdraw : text.refuse;
  return (
    <Dialog title={`${verb}: ${text.kinds[act.kind]}, ${named(act.object)}`} onClose={onClose}>
      <form onSubmit={(event) => void refuse(event)}>
        <WordsField label={text.refuseReason} value={reason} onChange={setReason} />
        {problem && <ProblemNote problem={problem} />}
        <div className="keys">
          <Key main submit busy={busy}>
            {busy ? common.wait : verb}
          </Key>
          <Key onPress={onClose}>{common.cancel}</Key>
        </div>
      </form>
    </Dialog>
  );
}
