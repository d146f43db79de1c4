/**
 * The desk of an officer on duty. Every act is one key (F1 code, F2 next, F4 finish, F6 supplement, F7 refuse, F8 no-show,
 * F9 test or accident, F3 lock, F10 lunch, hand-over and end of the duty) and is an intent: it stands as "waiting for the device" until the counter's device made it a fact.
 * F2 while somebody is being served ends that first.
 */
import type { StationAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { hm, hms, length } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Kbd, Key, Mark, Note, ProblemNote } from '../common/parts.tsx';
import { Portrait } from '../common/portrait.tsx';
import { LanguageKey } from '../common/shell.tsx';
import { useNow } from '../common/use-now.ts';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { CurrentCard } from './current-card.tsx';
import { DeviceNotes } from './device-notes.tsx';
import { DUTY_ACTS, type DutyAct, DutyMenu, HandOver } from './duty-menu.tsx';
import { type Ending, Endings, endingsOf } from './endings.tsx';
import { Hold } from './hold.tsx';
import { NextFields } from './next-fields.tsx';
import { NoShow, type NoShowMark, TAKE_BACK_MS } from './no-show.tsx';
import { useProposal } from './remembered.ts';
import { stationText } from './text.ts';
import { Totals } from './totals.tsx';
import { useFunctionKeys } from './use-function-keys.ts';
import { useScanner } from './use-scanner.ts';
import type { useStation } from './use-station.ts';

/** A refusal older than this is history, not news. */
const REFUSAL_SHOWN_MS = 10 * 60_000;

/** At a counter without a kiosk: of the ending, also when the same key called the next citizen. */
function codeIn(answer: unknown): string | null {
  const said = answer as { privateCode?: string; finished?: { privateCode?: string } | null } | null;
  return said?.finished?.privateCode ?? said?.privateCode ?? null;
}

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
  const [asking, setAsking] = useState<'other' | 'duty' | 'hand-over' | 'hold' | null>(null);
  const [mark, setMark] = useState<NoShowMark | null>(null);

  const { officer, counter, duty, transaction } = station;
  const locked = live.link === 'away' || busy;
  const onDuty = duty?.state === 'started';
  const finishing = station.pending.some((each) => each.kind === 'transaction.finish');
  const opening = station.pending.some((each) => each.kind === 'transaction.open');
  const canNext = !locked && onDuty && !opening;
  const canFinish = !locked && transaction !== null && transaction.state === 'serving' && !finishing;
  const noShows = station.reasons.filter((each) => each.outcome === 'no_show');
  /** Of another transaction by now: the kiosk's own keys may have ended it. */
  const marked =
    mark !== null && mark.transactionId === transaction?.transactionId && canFinish ? mark : null;
  // What nobody sees any more must not end a turn later: with the hub back the citizen may have come.
  useEffect(() => {
    if (marked === null) setMark(null);
  }, [marked]);
  const noShow = ({ chosen }: NoShowMark): Ending => {
    const reason = noShows[chosen]?.key;
    return { outcome: 'no_show', ...(reason === undefined ? {} : { reason }) };
  };

  const act = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<boolean> => {
    setBusy(true);
    const answer = await live.send(method, path, body);
    if (answer.ok) setPrivateCode(codeIn(answer.value));
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    return answer.ok;
  };
  const next = async (scan = code): Promise<void> => {
    if (!canNext) return;
    const typed = scan.trim();
    const ending: Ending = marked ? noShow(marked) : { outcome: 'completed' };
    const body = {
      ...(typed === '' ? {} : { code: typed }),
      ...proposal,
      ...(canFinish ? { finish: { transactionId: transaction.transactionId, ...ending } } : {}),
    };
    setMark(null);
    // The next code may have been scanned meanwhile.
    if (await act('POST', 'next', body)) setCode((now) => (now.trim() === typed ? '' : now));
    field.current?.focus();
  };
  const finish = async (ending: Ending): Promise<void> => {
    setAsking(null);
    setMark(null);
    if (!canFinish) return;
    await act('POST', 'finish', { transactionId: transaction.transactionId, ...ending });
  };
  const lock = async (): Promise<void> => {
    if (!locked) await act('POST', 'lock');
  };
  /** Nobody leaves a citizen at the desk, but for the end of the duty, which ends the turn with it. */
  const canLeave = (chosen: DutyAct): boolean => chosen === 'leave' || transaction?.state !== 'serving';
  const actOnDuty = (chosen: DutyAct): void => {
    setAsking(chosen === 'hand-over' ? chosen : null);
    if (chosen === 'lunch') void act('POST', 'lunch');
    if (chosen === 'leave') void act('DELETE', 'login');
  };
  const sayNoShow = (): void => {
    if (!canFinish) return;
    if (marked || noShows.length === 0)
      void finish(noShow(marked ?? { transactionId: '', chosen: 0, at: 0 }));
    else setMark({ transactionId: transaction.transactionId, chosen: 0, at: Date.now() + TAKE_BACK_MS });
  };
  const choose = (place: number): void => {
    if (marked && place < noShows.length) setMark({ ...marked, chosen: place });
  };
  const leaving = useRef<() => void>(() => undefined);
  leaving.current = () => (marked ? void finish(noShow(marked)) : setMark(null));
  const leave = useCallback(() => leaving.current(), []);
  /** The device holds a next citizen until the open rating closes at its fixed time: nothing is wrong. */
  const queued = (kind: string): boolean =>
    kind === 'transaction.open' && transaction?.state === 'rating' && station.device?.online === true;
  useFunctionKeys({
    F1: () => field.current?.focus(),
    F2: () => void next(),
    F4: () => void finish({ outcome: 'completed' }),
    F6: () => void finish({ outcome: 'supplement' }),
    F7: () => void finish({ outcome: 'refused' }),
    F3: () => void lock(),
    F10: () => !locked && setAsking('duty'),
    F8: sayNoShow,
    F9: () => canFinish && setAsking('other'),
    ...(marked ? { Escape: () => setMark(null) } : {}),
  });
  const endings = endingsOf(station.reasons);
  const onDigit = (place: number): void => {
    const [ending, chosen] = [endings[place], DUTY_ACTS[place]];
    if (asking === 'other') ending && void finish(ending);
    else if (asking === 'duty') chosen && (canLeave(chosen) ? actOnDuty(chosen) : undefined);
    else choose(place);
  };
  useScanner(field, {
    onType: (sign) => {
      setCode((before) => (before + sign).toUpperCase());
      field.current?.focus();
    },
    // With somebody at the desk a scan is kept for the key: it must not end their turn by itself.
    onScan: (scan) => {
      setCode(scan.toUpperCase());
      if (asking === null && transaction?.state !== 'serving') void next(scan.toUpperCase());
    },
    onDigit: asking === 'other' || asking === 'duty' || marked ? (digit) => onDigit(digit - 1) : null,
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
        {marked && (
          <NoShow
            mark={marked}
            reasons={noShows}
            onChoose={choose}
            onLeave={leave}
            onTakeBack={() => setMark(null)}
          />
        )}
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
          <Key
            main
            className="act"
            disabled={!canFinish}
            onPress={() => void finish({ outcome: 'completed' })}
          >
            <span>{text.finish}</span>
            <Kbd>F4</Kbd>
          </Key>
          <Key className="act" disabled={!canNext} onPress={() => void next()}>
            <span>
              {canFinish ? text.finishAndNext : text.next}
              {code.trim() !== '' && <span className="muted act-code"> · {code.trim()}</span>}
            </span>
            <Kbd>F2</Kbd>
          </Key>
          <div className="act-pair">
            <Key className="act" disabled={!canFinish} onPress={() => void finish({ outcome: 'supplement' })}>
              <span>{text.supplement}</span>
              <Kbd>F6</Kbd>
            </Key>
            <Key className="act" disabled={!canFinish} onPress={() => void finish({ outcome: 'refused' })}>
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
        <Key className="key-link" disabled={!canFinish} onPress={sayNoShow}>
          {common.outcomes.no_show} <Kbd>F8</Kbd>
        </Key>
        <Key className="key-link" disabled={!canFinish} onPress={() => setAsking('other')}>
          {text.more} <Kbd>F9</Kbd>
        </Key>
        <Key className="key-link" disabled={locked} onPress={() => void lock()}>
          {text.lock} <Kbd>F3</Kbd>
        </Key>
        <Key className="key-link" disabled={locked} onPress={() => setAsking('duty')}>
          {text.dutyMenu} <Kbd>F10</Kbd>
        </Key>
        <Key
          className="key-link"
          label={text.hold}
          disabled={live.link === 'away'}
          onPress={() => setAsking('hold')}
        >
          {text.holdShort}
        </Key>
        <LanguageKey />
      </footer>
      {asking === 'other' && (
        <Endings
          reasons={station.reasons}
          onChoose={(ending) => void finish(ending)}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'duty' && (
        <DutyMenu transaction={transaction} onAct={actOnDuty} onClose={() => setAsking(null)} />
      )}
      {asking === 'hold' && <Hold live={live} onClose={() => setAsking(null)} />}
      {asking === 'hand-over' && <HandOver live={live} onClose={() => setAsking(null)} />}
    </div>
  );
}
