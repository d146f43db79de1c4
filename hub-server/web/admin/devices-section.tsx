/** Devices: a one-time code shown large with its expiry, and what is enrolled, with the way to revoke it. */
import type { Counter } from '@hailong/shared/model/directory.ts';
import type { FormEvent, ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../common/api.ts';
import { count, dateTime, length, shortTime } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Dialog, Empty, Field, Key, Loading, Mark, Note, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import { useNow } from '../common/use-now.ts';
import type { AdminLists, EnrolCodeAnswer, Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { adminText } from './text.ts';

type Device = AdminLists['devices']['items'][number];
type Kind = Device['kind'];

export function DevicesSection(): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(30_000);
  const list = useLoad<AdminLists['devices']>('/api/v1/admin/devices');
  const counters: readonly Counter[] =
    useLoad<AdminLists['counters']>('/api/v1/admin/counters').value?.items ?? [];
  const [revoking, setRevoking] = useState<Device | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const numberOf = (id: string): string => counters.find((each) => each.id === id)?.number ?? '–';
  const nameOf = (device: Device): string =>
    text.codeFor(text.kinds[device.kind], numberOf(device.counterId));
  const revoke = async (device: Device): Promise<void> => {
    setRevoking(null);
    const answer = await call('POST', `/api/v1/admin/devices/${device.id}/revoke`, {});
    setProblem(answer.ok ? null : answer.problem);
    void list.reload();
  };
  return (
    <>
      <h1>{text.sections.devices}</h1>
      <EnrolCode counters={counters.filter((each) => each.active)} />
      {list.problem && <ProblemNote problem={list.problem} retry={() => void list.reload()} />}
      {problem && <ProblemNote problem={problem} />}
      <section className="panel list-panel">
        {list.loading && <Loading />}
        {list.value?.items.length === 0 && (
          <Empty head={text.noDevices}>
            <p>{text.noDevicesNext}</p>
          </Empty>
        )}
        {list.value && list.value.items.length > 0 && (
          <table className="list">
            <thead>
              <tr>
                <th>{text.kind}</th>
                <th>{text.counters}</th>
                <th>{text.state}</th>
                <th>{text.lastSeen}</th>
                <th className="num">{text.unsynced}</th>
                <th>{text.enrolledAt}</th>
                <th>{text.build}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {list.value.items.map((device) => (
                <tr key={device.id} className={device.revokedAt === null ? '' : 'muted'}>
                  <td>
                    <b>{text.kinds[device.kind]}</b>
                    <div className="muted small">{device.id.slice(0, 8)}</div>
                  </td>
                  <td>{numberOf(device.counterId)}</td>
                  <td>
                    <span className="status">
                      <Mark tone={device.revokedAt !== null ? 'idle' : device.online ? 'ok' : 'critical'} />
                      {device.revokedAt !== null ? text.revoked : device.online ? text.online : text.offline}
                    </span>
                  </td>
                  <td>{device.lastSeenAt === null ? '–' : shortTime(device.lastSeenAt, now)}</td>
                  <td className="num">{count(device.unsynced, lang)}</td>
                  <td>{dateTime(device.enrolledAt)}</td>
                  <td>{device.build || '–'}</td>
                  <td className="list-act">
                    {device.revokedAt === null && (
                      <Key onPress={() => setRevoking(device)}>{text.revoke}</Key>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      {revoking && (
        <Dialog title={text.revokeAsk(nameOf(revoking))} onClose={() => setRevoking(null)}>
          <p>{text.revokeWhy}</p>
          <div className="keys">
            <Key main onPress={() => void revoke(revoking)}>
              {text.revoke}
            </Key>
            <Key onPress={() => setRevoking(null)}>{common.cancel}</Key>
          </div>
        </Dialog>
      )}
    </>
  );
}

function EnrolCode({ counters }: { counters: readonly Counter[] }): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const lang = useLang();
  const now = useNow(1_000);
  const [counterId, setCounterId] = useState('');
  const [kind, setKind] = useState<Kind>('kiosk');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [made, setMade] = useState<(EnrolCodeAnswer & { kind: Kind; number: string }) | null>(null);
  const chosen = counters.find((each) => each.id === counterId) ?? counters[0] ?? null;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (chosen === null) return;
    setBusy(true);
    const answer = await call<EnrolCodeAnswer>('POST', '/api/v1/admin/enrol-codes', {
      counterId: chosen.id,
      kind,
    });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    setMade(answer.ok ? { ...answer.value, kind, number: chosen.number } : null);
  };
  const leftMs = made === null ? 0 : made.expiresAt - now;
  return (
    <section className="panel admin-card enrol">
      <form onSubmit={(event) => void submit(event)}>
        <h2>{text.enrolHead}</h2>
        <p className="muted">{text.enrolWhy}</p>
        <div className="enrol-fields">
          <Field label={text.counters}>
            {(id) => (
              <select id={id} value={chosen?.id ?? ''} onChange={(event) => setCounterId(event.target.value)}>
                {counters.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.number} · {each.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={text.kind}>
            {(id) => (
              <select
                id={id}
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
        {problem && <ProblemNote problem={problem} />}
      </form>
      {made && leftMs <= 0 && <Note tone="attention" head={text.expired} />}
      {made && leftMs > 0 && (
        <div className="enrol-code" role="status">
          <p>
            {text.codeFor(text.kinds[made.kind], made.number)} · {text.expires(length(leftMs, lang))}
          </p>
          <p className="enrol-large">{made.code}</p>
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
