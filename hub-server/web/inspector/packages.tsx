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
import { count, dateTime } from '../common/format.ts';
import { href } from '../common/hash.ts';
import { useLang, useText } from '../common/lang.ts';
import { Dialog, Empty, Field, Key, Loading, Mark, Note, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { packageText } from './package-text.ts';

/** While one is waited for. */
const LOOK_MS = 1_500;

export function Packages({ of, onClose }: { of: CaseAnswer; onClose: () => void }): ReactNode {
  const text = useText(packageText);
  const common = useText(words);
  const { value, problem, loading, reload } = useLoad<PackageList>(`/api/v1/cases/${of.id}/packages`);
  const [asked, setAsked] = useState(false);
  const packages = value?.packages ?? [];
  const moving = asked || packages.some(({ state }) => state === 'waiting' || state === 'writing');
  useEffect(() => {
    if (!moving) return;
    const timer = window.setInterval(() => void reload(), LOOK_MS);
    return () => window.clearInterval(timer);
  }, [moving, reload]);
  return (
    <Dialog title={`${text.packages}: ${of.number}`} onClose={onClose} wide>
      <p>{text.why}</p>
      {loading && <Loading />}
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      {value && packages.length === 0 && (
        <Empty head={text.none}>{of.status === 'open' && <p>{text.noneNext}</p>}</Empty>
      )}
      <ul className="packages">
        {packages.map((each) => (
          <Package key={each.id} it={each} />
        ))}
      </ul>
      {asked && (
        <Note tone="attention" head={text.asked}>
          <p>
            <a href={href('acts')}>{text.askedWhere}</a>
          </p>
        </Note>
      )}
      {of.status === 'closed' && <p className="muted">{text.closed}</p>}
      {of.status === 'open' && !asked && <AskForm of={of} onAsked={() => setAsked(true)} />}
      <div className="keys">
        <Key onPress={onClose}>{common.close}</Key>
      </div>
    </Dialog>
  );
}

function Package({ it }: { it: PackageAnswer }): ReactNode {
  const text = useText(packageText);
  const lang = useLang();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const done = it.progress && it.progress.total > 0 ? it.progress.done / it.progress.total : 0;
  const tone = it.state === 'ready' ? 'ok' : it.state === 'failed' ? 'critical' : 'attention';
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
      <p>{it.purpose}</p>
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
      {it.state === 'ready' && (
        <>
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

function AskForm({ of, onAsked }: { of: CaseAnswer; onAsked: () => void }): ReactNode {
  const text = useText(packageText);
  const common = useText(words);
  const [reason, setReason] = useState('');
  const [legalBasis, setLegalBasis] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const body = { kind: 'evidence-export', body: { caseId: of.id, legalBasis }, reason };
    const answer = await call<ActAnswer>('POST', '/api/v1/acts', body);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) onAsked();
  };
  const field = (label: string, hint: string, value: string, change: (value: string) => void): ReactNode => (
    <Field label={label} hint={hint}>
      {(id) => (
        <input
          id={id}
          value={value}
          onChange={(event) => change(event.target.value)}
          minLength={5}
          maxLength={500}
          autoComplete="off"
          required
        />
      )}
    </Field>
  );
  return (
    <form className="case-act" onSubmit={(event) => void submit(event)}>
      {field(text.purpose, text.purposeHint, reason, setReason)}
      {field(text.legalBasis, text.legalHint, legalBasis, setLegalBasis)}
      {problem && <ProblemNote problem={problem} />}
      <Key submit main busy={busy}>
        {busy ? common.wait : text.ask}
      </Key>
    </form>
  );
}
