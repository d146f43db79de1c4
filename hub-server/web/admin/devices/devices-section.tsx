/** Devices: letting one in or replacing it, what is enrolled, revoking it, writing off what it held, and the roster. */
import type { Counter } from '@hailong/shared/model/directory.ts';
import type { RosterAnswer } from '@hailong/shared/protocol/enrolment.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { AskDialog } from '../../common/ask-dialog.tsx';
import { count, dateTime, shortTime } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Empty, Field, Key, Loading, Mark, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import { useNow } from '../../common/use-now.ts';
import type { AdminLists } from '../../common/wire.ts';
import './enrolment.css';
import { adminText } from '../text.ts';
import { type Device, EnrolCode } from './enrol-code.tsx';
import { enrolmentText } from './enrolment-text.ts';
import { RosterPanel } from './roster-panel.tsx';
import { WaitingPanel } from './waiting-panel.tsx';

export function DevicesSection({ office }: { office: string }): ReactNode {
  const text = useText(adminText);
  const enrolment = useText(enrolmentText);
  const lang = useLang();
  const now = useNow(30_000);
  const list = useLoad<AdminLists['devices']>('/api/v1/admin/devices');
  const counters: readonly Counter[] =
    useLoad<AdminLists['counters']>('/api/v1/admin/counters').value?.items ?? [];
  const roster = useLoad<RosterAnswer>('/api/v1/admin/roster');
  const [broken, setBroken] = useState<Device | null>(null);
  const [writingOff, setWritingOff] = useState<Device | null>(null);
  const [reason, setReason] = useState('');
  const [revoking, setRevoking] = useState<Device | null>(null);
  const numberOf = (id: string): string => counters.find((each) => each.id === id)?.number ?? '–';
  const nameOf = (device: Device): string =>
    text.codeFor(text.kinds[device.kind], numberOf(device.counterId));
  const close = (): void => {
    setWritingOff(null);
    setRevoking(null);
  };
  const refresh = (): void => {
    close();
    void list.reload();
    void roster.reload();
  };
  const kiosks = (list.value?.items ?? []).filter(
    ({ kind, revokedAt }) => kind === 'kiosk' && revokedAt === null,
  );
  return (
    <>
      <h1>{text.sections.devices}</h1>
      <EnrolCode counters={counters.filter((each) => each.active)} {...{ kiosks, broken }} />
      <WaitingPanel decided={refresh} />
      {list.problem && <ProblemNote problem={list.problem} retry={() => void list.reload()} />}
      <section className="panel list-panel">
        {list.loading && <Loading />}
        {list.value?.items.length === 0 && (
          <Empty head={text.noDevices}>
            <p>{text.noDevicesNext}</p>
          </Empty>
        )}
        {list.value && list.value.items.length > 0 && (
          <table className="list list-cards">
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
                    <div className="muted small">{shortId(device)}</div>
                  </td>
                  <td data-name={text.counters}>{numberOf(device.counterId)}</td>
                  <td>
                    <span className="status">
                      <Mark tone={device.revokedAt !== null ? 'idle' : device.online ? 'ok' : 'critical'} />
                      {device.revokedAt !== null ? text.revoked : device.online ? text.online : text.offline}
                    </span>
                  </td>
                  <td data-name={text.lastSeen}>
                    {device.lastSeenAt === null ? '–' : shortTime(device.lastSeenAt, now)}
                  </td>
                  <td className="num" data-name={text.unsynced}>
                    {device.kind === 'station' ? '–' : count(device.unsynced, lang)}
                    {(device.open ?? 0) > 0 && (
                      <div className="small">{enrolment.openCount(count(device.open ?? 0, lang))}</div>
                    )}
                    {device.open !== 0 && device.writeOffAsked && (
                      <div className="small">{enrolment.writeOffAsked(device.writeOffAsked)}</div>
                    )}
                  </td>
                  <td data-name={text.enrolledAt}>{dateTime(device.enrolledAt)}</td>
                  <td data-name={text.build}>{device.build || '–'}</td>
                  <td className="list-act">
                    {device.revokedAt === null && device.kind === 'kiosk' && (
                      <Key
                        onPress={() => {
                          setBroken({ ...device });
                          window.scrollTo({ top: 0 });
                        }}
                      >
                        {enrolment.replace}
                      </Key>
                    )}
                    {(device.open ?? 0) > 0 && (
                      <Key
                        onPress={() => {
                          setReason('');
                          setWritingOff(device);
                        }}
                      >
                        {enrolment.writeOff}
                      </Key>
                    )}
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
      <RosterPanel held={roster} office={office} />
      {writingOff && (
        <AskDialog
          title={enrolment.writeOffHead(nameOf(writingOff))}
          go={enrolment.writeOff}
          disabled={reason.trim() === ''}
          ask={() => call('POST', `/api/v1/admin/devices/${writingOff.id}/write-off`, { reason })}
          onDone={refresh}
          onClose={close}
        >
          <p>{enrolment.writeOffWhy}</p>
          <Field label={enrolment.reason}>
            {(tied) => (
              <input
                {...{ ...tied, value: reason, maxLength: 300 }}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
        </AskDialog>
      )}
      {revoking && (
        <AskDialog
          title={text.revokeAsk(nameOf(revoking))}
          go={text.revoke}
          ask={() => call('POST', `/api/v1/admin/devices/${revoking.id}/revoke`, {})}
          onDone={refresh}
          onClose={close}
        >
          <p>{text.revokeWhy}</p>
        </AskDialog>
      )}
    </>
  );
}

/** A kiosk by the first of its digits, as it shows them itself; a station by its last, since the first are those of the minute it came in. */
const shortId = ({ kind, id }: Device): string => (kind === 'kiosk' ? id.slice(0, 8) : id.slice(-8));
