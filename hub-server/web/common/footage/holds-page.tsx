/** Every hold of footage: whose, why, until when. One person asks to add or to end one, another one agrees. */
import type { ActAnswer, ActList } from '@hailong/shared/protocol/acts.ts';
import type { CoverageCameras } from '@hailong/shared/protocol/coverage.ts';
import type { HoldAnswer, HoldKind, HoldList } from '@hailong/shared/protocol/holds.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { ApproveDialog, RefuseDialog } from '../act-dialogs.tsx';
import { type ActFacts, factsOf } from '../act-facts.ts';
import { actText } from '../act-text.ts';
import '../acts.css';
import { call } from '../api.ts';
import { AskDialog } from '../ask-dialog.tsx';
import { count as counted, dateTime } from '../format.ts';
import { useLang, useText } from '../lang.ts';
import { Empty, Field, Key, Loading, Mark, Note, ProblemNote } from '../parts.tsx';
import { useLoad } from '../use-load.ts';
import './footage.css';
import { type AskAct, HoldForm } from './hold-form.tsx';
import { HoldRows } from './hold-rows.tsx';
import { footageText } from './text.ts';

const KINDS = ['hold-add', 'hold-end', 'counter-reported'] as const;
type HoldAct = ActAnswer & { readonly kind: (typeof KINDS)[number] };
const isHoldAct = (act: ActAnswer): act is HoldAct => (KINDS as readonly string[]).includes(act.kind);

/** `ownCases`: the reader may have cases, and hold for one of them. */
export function HoldsPage({ ownCases = false }: { ownCases?: boolean }): ReactNode {
  const text = useText(footageText);
  const lang = useLang();
  const [kind, setKind] = useState<HoldKind | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const holds = useLoad<HoldList>(holdsPath(kind, after));
  const acts = useLoad<ActList>('/api/v1/acts');
  const cameras = useLoad<CoverageCameras>('/api/v1/coverage/cameras');
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<HoldAnswer | null>(null);
  const [asked, setAsked] = useState(false);
  const waiting = (acts.value?.acts ?? []).filter((act) => act.state === 'pending').filter(isHoldAct);
  const reload = async (): Promise<void> => {
    await Promise.all([holds.reload(), acts.reload()]);
  };
  const ask: AskAct = async (body) => {
    const answer = await call<ActAnswer>('POST', '/api/v1/acts', body);
    if (answer.ok) {
      setAsked(true);
      setAdding(false);
      setEnding(null);
      await reload();
    }
    return answer;
  };
  return (
    <>
      <h1>{text.holds}</h1>
      <p className="muted footage-why">{text.holdsWhy}</p>
      {holds.problem && <ProblemNote problem={holds.problem} retry={() => void holds.reload()} />}
      {asked && (
        <Note tone="ok" head={text.asked}>
          <p>{text.askedNext}</p>
        </Note>
      )}
      {waiting.length > 0 && <Waiting acts={waiting} onDone={() => void reload()} />}
      {adding ? (
        <HoldForm
          cameras={cameras.value?.cameras ?? []}
          ownCases={ownCases}
          ask={ask}
          close={() => setAdding(false)}
        />
      ) : (
        <div className="keys">
          <Key
            main={waiting.length === 0}
            onPress={() => setAdding(true)}
            disabled={(cameras.value?.cameras.length ?? 0) === 0}
          >
            {text.add}
          </Key>
        </div>
      )}
      <section className="panel list-panel holds-list">
        <div className="panel-head holds-head">
          <Field label={text.kind}>
            {(tied) => (
              <select
                {...tied}
                value={kind ?? ''}
                onChange={(event) => {
                  setKind((event.target.value || null) as HoldKind | null);
                  setAfter(null);
                }}
              >
                <option value="">{text.kindAll}</option>
                {HOLD_KINDS.map((each) => (
                  <option key={each} value={each}>
                    {text.kinds[each]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {holds.value && (
            <p>
              {text.count(counted(holds.value.count.living, lang), counted(holds.value.count.ended, lang))}
            </p>
          )}
        </div>
        {holds.loading && <Loading />}
        {holds.value?.holds.length === 0 && (
          <Empty head={kind === null ? text.holdsNone : text.kindNone}>
            {kind === null && <p>{text.holdsNoneNext}</p>}
          </Empty>
        )}
        {holds.value && holds.value.holds.length > 0 && (
          <HoldRows holds={holds.value.holds} end={setEnding} />
        )}
      </section>
      <div className="keys">
        {after !== null && <Key onPress={() => setAfter(null)}>{text.firstPage}</Key>}
        {holds.value?.next != null && (
          <Key onPress={() => setAfter(holds.value?.next ?? null)}>{text.nextPage}</Key>
        )}
      </div>
      {ending && <EndDialog hold={ending} ask={ask} close={() => setEnding(null)} />}
    </>
  );
}

/** In the order in which they stand in the list. */
const HOLD_KINDS: readonly HoldKind[] = ['manual', 'case', 'officer', 'rating'];

function holdsPath(kind: HoldKind | null, after: string | null): string {
  const asked = new URLSearchParams({ ...(kind && { kind }), ...(after && { after }) }).toString();
  return `/api/v1/holds${asked === '' ? '' : `?${asked}`}`;
}

const sentence = ({ what, more }: ActFacts): string => [what, ...more].join(' · ');

function Waiting({ acts, onDone }: { acts: readonly HoldAct[]; onDone: () => void }): ReactNode {
  const text = useText(footageText);
  const common = useText(actText);
  const [approving, setApproving] = useState<HoldAct | null>(null);
  const [refusing, setRefusing] = useState<HoldAct | null>(null);
  const close = (): void => {
    setApproving(null);
    setRefusing(null);
  };
  const done = (): void => {
    close();
    onDone();
  };
  return (
    <section className="panel list-panel">
      <div className="panel-head">
        <h2>{text.waiting}</h2>
      </div>
      <ul className="hold-waits">
        {acts.map((act) => (
          <li key={act.id}>
            <Mark tone="attention" />
            <b>{text.acts[act.kind]}</b>
            <span>{sentence(factsOf(act, common))}</span>
            <span className="muted">
              {text.waitingFor(act.askedBy.name)} · {dateTime(act.askedAt)}
            </span>
            <span>{act.reason}</span>
            {act.mayDecide && (
              <div className="keys">
                <Key onPress={() => setRefusing(act)}>{text.refuse}</Key>
                <Key onPress={() => setApproving(act)}>{text.approve}</Key>
              </div>
            )}
          </li>
        ))}
      </ul>
      {approving && <ApproveDialog act={approving} onClose={close} onDone={done} />}
      {refusing && <RefuseDialog act={refusing} onClose={close} onDone={done} />}
    </section>
  );
}

function EndDialog({ hold, ask, close }: { hold: HoldAnswer; ask: AskAct; close: () => void }): ReactNode {
  const text = useText(footageText);
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      title={text.endHead}
      go={text.endDo}
      disabled={reason.trim().length < 5}
      ask={() => ask({ kind: 'hold-end', body: { hold: hold.id }, reason })}
      onDone={close}
      onClose={close}
    >
      <p>{text.endWhy}</p>
      <Field label={text.reason} hint={text.reasonHint}>
        {(tied) => (
          <textarea {...tied} rows={3} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
    </AskDialog>
  );
}
