/** A one-time code, large and as a QR code, for a counter's kiosk or station; also in place of a kiosk that broke. */
import type { Counter } from '@hailong/shared/model/directory.ts';
import type { FormEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { length } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Field, Key, Note, ProblemNote } from '../../common/parts.tsx';
import { Qr } from '../../common/qr.tsx';
import { useNow } from '../../common/use-now.ts';
import { useSending } from '../../common/use-sending.ts';
import type { AdminLists, EnrolCodeAnswer } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { adminText } from '../text.ts';
import { enrolmentText } from './enrolment-text.ts';

export type Device = AdminLists['devices']['items'][number];
type Kind = Device['kind'];

export function EnrolCode({
  counters,
  kiosks,
  broken,
}: {
  counters: readonly Counter[];
  /** Those that may be replaced. */
  kiosks: readonly Device[];
  /** The one whose "replace" was pressed. */
  broken: Device | null;
}): ReactNode {
  const text = useText(adminText);
  const enrolment = useText(enrolmentText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(1_000);
  const [counterId, setCounterId] = useState('');
  const [kind, setKind] = useState<Kind>('kiosk');
  const [replaces, setReplaces] = useState('');
  const { busy, problem, send } = useSending<EnrolCodeAnswer>();
  const [made, setMade] = useState<(EnrolCodeAnswer & { kind: Kind; number: string }) | null>(null);
  useEffect(() => {
    if (broken === null) return;
    setCounterId(broken.counterId);
    setKind('kiosk');
    setReplaces(broken.id);
  }, [broken]);
  const chosen = counters.find((each) => each.id === counterId) ?? counters[0] ?? null;
  const there = kind === 'kiosk' ? kiosks.filter((each) => each.counterId === chosen?.id) : [];
  const old = there.find(({ id }) => id === replaces) ?? null;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (chosen === null) return;
    const code = await send('/api/v1/admin/enrol-codes', {
      ...{ counterId: chosen.id, kind },
      ...(old === null ? {} : { replaces: old.id }),
    });
    setMade(code && { ...code, kind, number: chosen.number });
  };
  const leftMs = made === null ? 0 : made.expiresAt - now;
  return (
    <section className="panel admin-card enrol">
      <form onSubmit={(event) => void submit(event)}>
        <h2>{text.enrolHead}</h2>
        <p className="muted">{text.enrolWhy}</p>
        <div className="enrol-fields">
          <Field label={text.counters}>
            {(tied) => (
              <select
                {...tied}
                value={chosen?.id ?? ''}
                onChange={(event) => setCounterId(event.target.value)}
              >
                {counters.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.number} · {each.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={text.kind}>
            {(tied) => (
              <select
                {...tied}
                value={kind}
                onChange={(event) => setKind(event.target.value === 'station' ? 'station' : 'kiosk')}
              >
                <option value="kiosk">{text.kinds.kiosk}</option>
                <option value="station">{text.kinds.station}</option>
              </select>
            )}
          </Field>
          <Key main submit busy={busy} disabled={chosen === null}>
            {busy ? common.wait : text.makeCode}
          </Key>
        </div>
        {there.length > 0 && (
          <Field label={enrolment.replaces} hint={old === null ? undefined : enrolment.replaceWhy}>
            {(tied) => (
              <select {...tied} value={old?.id ?? ''} onChange={(event) => setReplaces(event.target.value)}>
                <option value="">{enrolment.replacesNone}</option>
                {there.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.id.slice(0, 8)} · {each.build}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {problem && <ProblemNote problem={problem} />}
      </form>
      {made && leftMs <= 0 && <Note tone="attention" head={text.expired} />}
      {made && leftMs > 0 && (
        <div className="enrol-code" role="status">
          <p>
            {text.codeFor(text.kinds[made.kind], made.number)} · {text.expires(length(leftMs, lang))}
          </p>
          <div className="enrol-shown">
            <p className="enrol-large">{made.code}</p>
            {made.kind === 'kiosk' && made.qr && <Qr rows={made.qr} name={enrolment.scan} />}
          </div>
          {made.kind === 'station' ? (
            <p className="small">
              {text.useStation}{' '}
              <code>
                {location.origin}/station?enrol={made.code}
              </code>
            </p>
          ) : (
            <p className="small">
              <code>
                {text.useKiosk} {made.code}
              </code>
              <br />
              {enrolment.thenCompare}
              {made.log && (
                <>
                  <br />
                  {text.logDigits} <code>{made.log.fingerprint}</code>
                </>
              )}
            </p>
          )}
        </div>
      )}
    </section>
  );
}
