/** The case's facts, always in view, and what may be done with it: mark as disputed, close, reopen. */
import type { CaseAnswer, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { type Answer, call } from '../common/api.ts';
import { AskDialog } from '../common/ask-dialog.tsx';
import { dateTime, dayMonth, hm } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { Key, Mark, ProblemNote } from '../common/parts.tsx';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { CaseActs } from './case-acts.tsx';
import { caseText } from './case-text.ts';
import { packageText } from './package-text.ts';
import { Packages } from './packages.tsx';
import { inspectorText } from './text.ts';

export function CaseHead({
  timeline,
  interval,
  onInterval,
  onChanged,
}: {
  timeline: TimelineAnswer;
  /** Of the case's `wider`; null: its own. */
  interval: string | null;
  onInterval: (id: string | null) => void;
  onChanged: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const cases = useText(caseText);
  const packages = useText(packageText);
  const [asking, setAsking] = useState(false);
  const [acting, setActing] = useState(false);
  const [packing, setPacking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { case: it, window: range, transaction } = timeline;
  const change = (body: { status: 'open' | 'closed' }): Promise<Answer<CaseAnswer>> =>
    call('PATCH', `/api/v1/cases/${it.id}`, body);
  const reopen = async (): Promise<void> => {
    setBusy(true);
    const answer = await change({ status: 'open' });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onChanged();
  };
  return (
    <>
      <section className="case-head" aria-label={it.number}>
        <div className="case-number">
          <p>
            <span className="muted">{common.caseTypes[it.type]}</span>
            {it.disputed && (
              <span className="badge badge-attention">
                <Mark tone="attention" />
                {text.disputed}
              </span>
            )}
            {it.status === 'closed' && <span className="badge badge-ok">{text.statusClosed}</span>}
          </p>
          <h1>{it.number}</h1>
        </div>
        <dl>
          <div>
            <dt>{text.documentNumber}</dt>
            <dd>{it.documentNumber}</dd>
          </div>
          <div className="case-purpose">
            <dt>{text.purpose}</dt>
            <dd title={it.purpose}>{it.purpose}</dd>
          </div>
          <div>
            <dt>{text.range}</dt>
            <dd>
              {transaction && `${text.counter} ${transaction.counter.number}, `}
              {dayMonth(range.from)}, {hm(range.from)}–{timeline.opensBy === null ? hm(range.to) : '…'}
              {it.wider.length > 0 && (
                <select
                  className="case-range"
                  aria-label={text.range}
                  value={interval ?? ''}
                  onChange={(event) => onInterval(event.target.value || null)}
                >
                  <option value="">{cases.ownRange}</option>
                  {it.wider.map((each) => (
                    <option key={each.id} value={each.id}>
                      {cases.widerRange(hm(each.from), hm(each.to))}
                    </option>
                  ))}
                </select>
              )}
            </dd>
          </div>
          <div>
            <dt>{text.openedAt}</dt>
            <dd>{dateTime(it.openedAt)}</dd>
          </div>
        </dl>
        <div className="keys">
          <Key onPress={() => setPacking(true)}>{packages.packages}</Key>
          {it.status === 'open' ? (
            <>
              <Key onPress={() => setActing(true)}>{cases.acts}</Key>
              <Key main onPress={() => setAsking(true)}>
                {text.closeCase}
              </Key>
            </>
          ) : (
            <>
              <Key onPress={() => setActing(true)}>{cases.acts}</Key>
              <Key busy={busy} onPress={() => void reopen()}>
                {text.reopenCase}
              </Key>
            </>
          )}
        </div>
        {packing && <Packages of={it} range={range} onClose={() => setPacking(false)} />}
        {acting && <CaseActs of={it} window={range} onClose={() => setActing(false)} onChanged={onChanged} />}
        {asking && (
          <AskDialog
            title={text.closeAsk(it.number)}
            go={text.closeCase}
            ask={() => change({ status: 'closed' })}
            onDone={() => {
              setAsking(false);
              onChanged();
            }}
            onClose={() => setAsking(false)}
          >
            <p>{text.closeWhy}</p>
          </AskDialog>
        )}
      </section>
      {problem && (
        <div className="case-problem">
          <ProblemNote problem={problem} />
        </div>
      )}
    </>
  );
}
