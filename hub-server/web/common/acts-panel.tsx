/** What waits for a second person, and what the reader asked for. The same on the inspector's and the administrator's page. */
import type { ActAnswer, ActList } from '@hailong/shared/protocol/acts.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { actText } from './act-text.ts';
import { call } from './api.ts';
import { dateTime } from './format.ts';
import { useText } from './lang.ts';
import { Dialog, Empty, Field, Key, Loading, ProblemNote } from './parts.tsx';
import { useLoad } from './use-load.ts';
import type { Problem } from './wire.ts';
import { words } from './words.ts';

/** Somebody may ask at any time; nobody stares at this page. */
const RELOAD_MS = 30_000;

export function ActsPanel(): ReactNode {
  const text = useText(actText);
  const list = useLoad<ActList>('/api/v1/acts');
  const { reload } = list;
  const [approving, setApproving] = useState<ActAnswer | null>(null);
  const [refusing, setRefusing] = useState<ActAnswer | null>(null);
  useEffect(() => {
    const timer = window.setInterval(() => void reload(), RELOAD_MS);
    return () => window.clearInterval(timer);
  }, [reload]);
  const done = (): void => {
    setApproving(null);
    setRefusing(null);
    void reload();
  };
  const acts = list.value?.acts ?? null;
  const waiting = acts?.filter((each) => each.mayDecide) ?? [];
  const mine = acts?.filter((each) => each.mine) ?? [];
  return (
    <>
      <p className="muted">{text.why}</p>
      {list.problem && <ProblemNote problem={list.problem} retry={() => void reload()} />}
      <section className="panel list-panel">
        {list.loading && <Loading />}
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

/** `case:PXM-2026-0001` as people call it. */
const named = (object: string): string => object.slice(object.indexOf(':') + 1);

function spanOf(act: ActAnswer): { from: number; to: number } | null {
  const { from, to } = act.body;
  return typeof from === 'number' && typeof to === 'number' ? { from, to } : null;
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
                {span && (
                  <div className="small muted">{text.span(dateTime(span.from), dateTime(span.to))}</div>
                )}
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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const approve = async (): Promise<void> => {
    setBusy(true);
    const answer = await call<ActAnswer>('POST', `/api/v1/acts/${act.id}/approve`, {});
    setBusy(false);
    if (answer.ok) onDone();
    else setProblem(answer.problem);
  };
  return (
    <Dialog title={text.approveAsk(text.kinds[act.kind], named(act.object))} onClose={onClose}>
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
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const refuse = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await call<ActAnswer>('POST', `/api/v1/acts/${act.id}/refuse`, { reason });
    setBusy(false);
    if (answer.ok) onDone();
    else setProblem(answer.problem);
  };
  const verb = act.mine ? text.withdraw : text.refuse;
  return (
    <Dialog title={`${verb}: ${text.kinds[act.kind]}, ${named(act.object)}`} onClose={onClose}>
      <form onSubmit={(event) => void refuse(event)}>
        <Field label={text.refuseReason}>
          {(id) => (
            <input
              id={id}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              minLength={5}
              maxLength={500}
              autoComplete="off"
              required
            />
          )}
        </Field>
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
