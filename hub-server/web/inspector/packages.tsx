/**
 * Evidence packages of a case: ask for one, see that it waits for the second person, how far it is written, fetch it. It looks
 * again by itself while something is on its way.
 */
import { ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { ArchiveAddress, PackageAnswer, PackageList } from '@hailong/shared/protocol/evidence.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { call } from '../common/api.ts';
import { count, date, dateTime, dayMonth, hm } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Dialog, Empty, Field, Key, Loading, Mark, ProblemNote, type Tone } from '../common/parts.tsx';
import { ACTS_PATH, AskedNote, spanOf, useActs, WordsField, waitingOf } from '../common/second-person.tsx';
import { useLoad } from '../common/use-load.ts';
import { useSending } from '../common/use-sending.ts';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { caseText } from './case-text.ts';
import { packageText } from './package-text.ts';
import { asTimes, SpanFields, widerThan } from './time-fields.tsx';

/** While one is waited for, and while none is. */
const [LOOK_MS, IDLE_MS] = [1_500, 30_000];

interface AskProps {
  readonly of: CaseAnswer;
  /** What the page shows of it now. */
  readonly range: { readonly from: number; readonly to: number };
  readonly onAsked: () => void;
}

export function Packages({
  of,
  range,
  onClose,
}: Omit<AskProps, 'onAsked'> & { onClose: () => void }): ReactNode {
  const text = useText(packageText);
  const common = useText(words);
  const packagesPath = `/api/v1/cases/${of.id}/packages`;
  const { value, problem, loading, reload, again } = useLoad<PackageList>(packagesPath);
  const [waited, setWaited] = useState(false);
  const { acts, reload: reloadActs } = useActs(waited ? LOOK_MS : IDLE_MS);
  const [more, setMore] = useState(false);
  const packages = value?.packages ?? [];
  const pending = waitingOf(acts, { kind: 'evidence-export', caseId: of.id });
  // Approved a moment ago, it may stand in neither list yet.
  useEffect(() => {
    if (pending.length > 0) setWaited(true);
  }, [pending.length]);
  const moving = waited || packages.some(({ state }) => state === 'waiting' || state === 'writing');
  useEffect(() => {
    if (!moving) return;
    const timer = window.setInterval(again, LOOK_MS);
    return () => window.clearInterval(timer);
  }, [moving, again]);
  return (
    <Dialog title={`${text.packages}: ${of.number}`} onClose={onClose} wide>
      <p>{text.why}</p>
      {loading && <Loading />}
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      {value && packages.length === 0 && pending.length === 0 && (
        <Empty head={text.none}>{of.status === 'open' && <p>{text.noneNext}</p>}</Empty>
      )}
      {packages.length > 0 && (
        <ul className="packages">
          {packages.map((each) => (
            <Package key={each.id} it={each} />
          ))}
        </ul>
      )}
      {pending.map((act) => (
        <AskedNote key={act.id} head={text.asked} where={text.askedWhere}>
          <p>{[spanOf(act), act.reason].filter(Boolean).join(': ')}</p>
        </AskedNote>
      ))}
      {of.status === 'closed' && <p className="muted">{text.closed}</p>}
      {of.status === 'open' && (more || pending.length === 0) && (
        <AskForm of={of} range={range} onAsked={() => void reloadActs().then(() => setMore(false))} />
      )}
      <div className="keys">
        {of.status === 'open' && pending.length > 0 && !more && (
          <Key onPress={() => setMore(true)}>{text.askMore}</Key>
        )}
        <Key onPress={onClose}>{common.close}</Key>
      </div>
    </Dialog>
  );
}

const TONES: Readonly<Record<PackageAnswer['state'], Tone>> = {
  ...{ waiting: 'attention', writing: 'attention', ready: 'ok', failed: 'critical' },
  removed: 'idle',
};

function Package({ it }: { it: PackageAnswer }): ReactNode {
  const text = useText(packageText);
  const lang = useLang();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const done = it.progress && it.progress.total > 0 ? it.progress.done / it.progress.total : 0;
  const tone = TONES[it.state];
  const why = it.code !== null && isErrorCode(it.code) ? ERRORS[it.code] : null;
  async function fetchIt(): Promise<void> {
    setBusy(true);
    const answer = await call<ArchiveAddress>('POST', `/api/v1/packages/${it.id}/address`, {});
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    // An attachment: the page stays.
    if (answer.ok) window.location.assign(answer.value.url);
  }
  return (
    <li className="package" data-state={it.state}>
      <p>
        <Mark tone={tone} /> <b>{text.states[it.state]}</b>{' '}
        <span className="muted">
          {dateTime(it.writtenAt ?? it.approvedBy.at)} ·{' '}
          {text.people(it.requestedBy.name, it.approvedBy.name)}
        </span>
      </p>
      <p>
        {it.interval ? text.of(`${dateTime(it.interval.from)} – ${dateTime(it.interval.to)}`) : text.ofOwn} ·{' '}
        {it.purpose}
      </p>
      {it.state === 'writing' && (
        <p>
          <progress max={1} value={done} aria-label={text.states.writing} />{' '}
          {text.progress(`${Math.floor(done * 100)} %`)}
        </p>
      )}
      {why && (
        <p>
          {why[lang === 'en' ? 'en' : 'vi']} {why.remedy[lang === 'en' ? 'en' : 'vi']}
        </p>
      )}
      {it.removedAt !== null && it.removedReason !== null && (
        <p>{text.removed(dateTime(it.removedAt), text.removedWhy[it.removedReason])}</p>
      )}
      {it.state === 'removed' && (
        <p className="package-hash">
          {text.hash}: <code>{it.packageHash}</code>
        </p>
      )}
      {it.state === 'ready' && (
        <>
          <p className="muted">
            {it.keptUntil === null ? text.keptWhile : text.keptUntil(date(it.keptUntil))}
          </p>
          <p className="package-hash">
            {text.hash}: <code>{it.packageHash}</code>
          </p>
          <div className="keys">
            <Key main busy={busy} onPress={() => void fetchIt()}>
              {text.download} ({text.size(count(Math.max(1, Math.round((it.bytes ?? 0) / 1_000_000)), lang))})
            </Key>
            <span className="muted">{text.downloadWhy}</span>
          </div>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
    </li>
  );
}

/** What the case is of, what two people let it see beside that, or more. */
const [OWN, OTHER] = ['', 'other'];

function AskForm({ of, range, onAsked }: AskProps): ReactNode {
  const text = useText(packageText);
  const common = useText(words);
  const cases = useText(caseText);
  const [reason, setReason] = useState('');
  const [legalBasis, setLegalBasis] = useState('');
  const [chosen, setChosen] = useState(OWN);
  const [span, setSpan] = useState(widerThan(range));
  const { busy, problem, send } = useSending<ActAnswer>();
  const granted = of.wider.find(({ id }) => id === chosen);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const interval = chosen === OTHER ? asTimes(span) : granted && { from: granted.from, to: granted.to };
    const body = { caseId: of.id, legalBasis, ...(interval ? { interval } : {}) };
    if (await send(ACTS_PATH, { kind: 'evidence-export', body, reason })) onAsked();
  };
  return (
    <form className="case-act" onSubmit={(event) => void submit(event)}>
      <Field label={text.range} hint={chosen === OTHER ? text.rangeWhy : undefined}>
        {(tied) => (
          <select {...tied} value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value={OWN}>{cases.ownRange}</option>
            {of.wider.map((each) => (
              <option key={each.id} value={each.id}>
                {cases.widerRange(shortRange(each), hm(each.to))}
              </option>
            ))}
            <option value={OTHER}>{text.rangeOther}</option>
          </select>
        )}
      </Field>
      {chosen === OTHER && <SpanFields value={span} onChange={setSpan} />}
      <WordsField label={text.purpose} hint={text.purposeHint} value={reason} onChange={setReason} />
      <WordsField label={text.legalBasis} hint={text.legalHint} value={legalBasis} onChange={setLegalBasis} />
      {problem && <ProblemNote problem={problem} />}
      <div className="keys">
        <Key submit main busy={busy}>
          {busy ? common.wait : text.ask}
        </Key>
      </div>
    </form>
  );
}

const shortRange = ({ from }: { readonly from: number }): string => `${dayMonth(from)} ${hm(from)}`;
