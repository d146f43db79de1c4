/**
 * The desk of an officer on duty. Every act is one key (F1 code, F2 next, F4 finish, F6 supplement, F7 refuse, F8
 * other endings) and is an intent: it stands as "waiting for the device" until the counter's device made it a fact.
 */
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useRef, useState } from 'react';
import { hm, hms, length } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Dialog, Kbd, Key, Mark, Note, ProblemNote } from '../common/parts.tsx';
import { Portrait } from '../common/portrait.tsx';
import { LanguageKey } from '../common/shell.tsx';
import { useNow } from '../common/use-now.ts';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { CurrentCard } from './current-card.tsx';
import { DeviceNotes } from './device-notes.tsx';
import { NextFields } from './next-fields.tsx';
import { useProposal } from './remembered.ts';
import { stationText } from './text.ts';
import { Totals } from './totals.tsx';
import { useFunctionKeys } from './use-function-keys.ts';
import type { useStation } from './use-station.ts';

const OTHER_ENDINGS: readonly Outcome[] = ['no_show', 'accident', 'test'];
/** A refusal older than this is history, not news. */
const REFUSAL_SHOWN_MS = 10 * 60_000;

export function Desk({
  live,
  station,
}: {
  live: ReturnType<typeof useStation>;
  station: StationAnswer;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(1_000);
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const [proposal, setProposal] = useProposal();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [dismissed, setDismissed] = useState<string | null>(null);
  /** At a counter without a kiosk: what the citizen types on a phone. Gone with the next act. */
  const [privateCode, setPrivateCode] = useState<string | null>(null);
  const [asking, setAsking] = useState<'other' | 'leave' | null>(null);

  const { officer, counter, duty, transaction } = station;
  const locked = live.link === 'away' || busy;
  const onDuty = duty?.state === 'started';
  const finishing = station.pending.some((each) => each.kind === 'transaction.finish');
  const opening = station.pending.some((each) => each.kind === 'transaction.open');
  const canNext = !locked && onDuty && !opening;
  const canFinish = !locked && transaction !== null && transaction.state === 'serving' && !finishing;

  const act = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<boolean> => {
    setBusy(true);
    const answer = await live.send(method, path, body);
    if (answer.ok) setPrivateCode((answer.value as { privateCode?: string } | null)?.privateCode ?? null);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    return answer.ok;
  };
  const next = async (): Promise<void> => {
    if (!canNext) return;
    const typed = code.trim();
    const body = { ...(typed === '' ? {} : { code: typed }), ...proposal };
    if (await act('POST', 'next', body)) setCode('');
    field.current?.focus();
  };
  const finish = async (outcome: Outcome): Promise<void> => {
    setAsking(null);
    if (!canFinish || transaction === null) return;
    await act('POST', 'finish', { transactionId: transaction.transactionId, outcome });
  };
  /** The device holds a next citizen until the open rating closes at its fixed time: nothing is wrong. */
  const queued = (kind: string): boolean =>
    kind === 'transaction.open' && transaction?.state === 'rating' && station.device?.online === true;
  useFunctionKeys({
    F1: () => field.current?.focus(),
    F2: () => void next(),
    F4: () => void finish('completed'),
    F6: () => void finish('supplement'),
    F7: () => void finish('refused'),
    F8: () => canFinish && setAsking('other'),
  });

  const refusal = station.lastRefusal;
  const showRefusal =
    refusal !== null && refusal.intentId !== dismissed && now - refusal.at < REFUSAL_SHOWN_MS;
  return (
    <div className="strip">
      <header className="strip-head">
        {officer && <Portrait photo={officer.photo} name={officer.name} />}
        <div className="strip-name">
          <p className="strip-officer">{officer?.name}</p>
          <p className="strip-counter">
            {counter && text.counter(counter.number)} ·{' '}
            {duty?.since ? text.onDutySince(hm(duty.since)) : text.dutyStarting}
          </p>
        </div>
        <div className="strip-side">
          <p className="strip-clock">{hm(now)}</p>
          <Totals />
        </div>
      </header>
      {live.link === 'away' && (
        <Note tone="critical" head={text.away}>
          <p className="small">{text.awayWhy(hms(live.heardAt))}</p>
        </Note>
      )}
      <main className="strip-body">
        <form
          className="code-form"
          onSubmit={(event) => {
            event.preventDefault();
            void next();
          }}
        >
          <div className="code-label">
            <label htmlFor="code">{text.codeLabel}</label>
            <Kbd>F1</Kbd>
          </div>
          <input
            id="code"
            ref={field}
            value={code}
            onChange={(event) => setCode(event.target.value.toUpperCase())}
            onKeyDown={(event) => event.key === 'Escape' && setCode('')}
            placeholder={text.codePlaceholder}
            autoComplete="off"
            spellCheck={false}
            maxLength={60}
            disabled={live.link === 'away'}
            // biome-ignore lint/a11y/noAutofocus: the scanner types where the focus is
            autoFocus
          />
          <NextFields procedures={station.procedures} proposal={proposal} onChange={setProposal} />
        </form>
        {duty?.state === 'refused' && duty.reason && <ProblemNote problem={duty.reason} />}
        <CurrentCard transaction={transaction} />
        {privateCode !== null && (
          <Note tone="ok" head={text.privateCode(`${privateCode.slice(0, 5)}-${privateCode.slice(5)}`)}>
            <p className="small">{text.privateCodeWhy}</p>
          </Note>
        )}
        {station.pending.map((each) =>
          queued(each.kind) ? (
            <p key={each.intentId} className="pending pending-calm" role="status">
              <Mark tone="ok" />
              <span>
                <b>{text.queued}:</b> {text.queuedWhy}
              </span>
            </p>
          ) : (
            <p key={each.intentId} className="pending" role="status">
              <Mark tone="attention" />
              <span>
                <b>{text.waitingDevice}:</b> {text.intents[each.kind] ?? text.otherIntent}{' '}
                <span className="muted">{text.waitingFor(length(now - each.since, lang))}</span>
              </span>
            </p>
          ),
        )}
        {problem && <ProblemNote problem={problem} />}
        {showRefusal && refusal && (
          <div className="refusal">
            <p className="small muted">{text.refusedAt(hms(refusal.at))}</p>
            <ProblemNote problem={refusal.problem} />
            <Key onPress={() => setDismissed(refusal.intentId)}>{text.dismiss}</Key>
          </div>
        )}
        <div className="acts">
          <Key main className="act" disabled={!canFinish} onPress={() => void finish('completed')}>
            <span>{text.finish}</span>
            <Kbd>F4</Kbd>
          </Key>
          <Key className="act" disabled={!canNext} onPress={() => void next()}>
            <span>
              {text.next}
              {code.trim() !== '' && <span className="muted act-code"> · {code.trim()}</span>}
            </span>
            <Kbd>F2</Kbd>
          </Key>
          <div className="act-pair">
            <Key className="act" disabled={!canFinish} onPress={() => void finish('supplement')}>
              <span>{text.supplement}</span>
              <Kbd>F6</Kbd>
            </Key>
            <Key className="act" disabled={!canFinish} onPress={() => void finish('refused')}>
              <span>{text.refuse}</span>
              <Kbd>F7</Kbd>
            </Key>
          </div>
        </div>
        <DeviceNotes station={station} />
        <section className="today">
          <p>
            <b>{station.today.served}</b>
            {text.served}
          </p>
          <p>
            <b>{station.today.prompted}</b>
            {text.prompted}
          </p>
          <p>
            <b>{station.pending.length}</b>
            {text.waiting}
          </p>
        </section>
      </main>
      <footer className="strip-foot">
        <Key className="key-link" disabled={!canFinish} onPress={() => setAsking('other')}>
          {text.more} <Kbd>F8</Kbd>
        </Key>
        <Key className="key-link" disabled={locked} onPress={() => setAsking('leave')}>
          {text.endDuty}
        </Key>
        <LanguageKey />
      </footer>
      {asking === 'other' && (
        <Dialog title={text.more} onClose={() => setAsking(null)}>
          {OTHER_ENDINGS.map((outcome) => (
            <Key key={outcome} onPress={() => void finish(outcome)}>
              {common.outcomes[outcome]}
            </Key>
          ))}
          <Key onPress={() => setAsking(null)}>{common.cancel}</Key>
        </Dialog>
      )}
      {asking === 'leave' && (
        <Dialog title={text.endDutyAsk} onClose={() => setAsking(null)}>
          {transaction?.state === 'serving' && <p>{text.endDutyServing(transaction.queueNumber ?? '')}</p>}
          <Key
            main
            busy={busy}
            onPress={() => {
              setAsking(null);
              void act('DELETE', 'login');
            }}
          >
            {text.endDuty}
          </Key>
          <Key onPress={() => setAsking(null)}>{common.cancel}</Key>
        </Dialog>
      )}
    </div>
  );
}
