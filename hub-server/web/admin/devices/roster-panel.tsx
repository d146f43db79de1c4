/** Every kiosk that was ever let in, with who saw it and when: to be printed, signed and kept elsewhere. */
import type { RosterAnswer } from '@hailong/shared/protocol/enrolment.ts';
import type { ReactNode } from 'react';
import { count, dateTime } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Empty, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import type { Loaded } from '../../common/use-load.ts';
import { adminText } from '../text.ts';
import { enrolmentText } from './enrolment-text.ts';

export function RosterPanel({ held, office }: { held: Loaded<RosterAnswer>; office: string }): ReactNode {
  const text = useText(enrolmentText);
  const admin = useText(adminText);
  const lang = useLang();
  const { value, loading, problem, reload } = held;
  return (
    <section className="panel list-panel roster">
      <div className="panel-head">
        <h2>
          {text.rosterHead} · {office}
        </h2>
        <Key onPress={() => window.print()} disabled={!value}>
          {text.print}
        </Key>
      </div>
      <p className="muted roster-why">{text.rosterWhy}</p>
      {problem && <ProblemNote problem={problem} retry={() => void reload()} />}
      {loading && <Loading />}
      {value?.lines.length === 0 && <Empty head={admin.noDevices} />}
      {value && value.lines.length > 0 && (
        <>
          <table className="list list-cards">
            <thead>
              <tr>
                <th className="num">{text.serial}</th>
                <th>{admin.counters}</th>
                <th>{text.digits}</th>
                <th>{admin.enrolledAt}</th>
                <th>{text.approvedBy}</th>
                <th>{text.ended}</th>
                <th className="roster-sign">{text.signed}</th>
              </tr>
            </thead>
            <tbody>
              {value.lines.map((line) => (
                <tr key={line.serial} className={line.revokedAt === null ? '' : 'muted'}>
                  <td className="num" data-name={text.serial}>
                    {line.serial}
                  </td>
                  <td data-name={admin.counters}>
                    {line.counter} <span className="small">{line.counterName}</span>
                  </td>
                  <td className="roster-digits" data-name={text.digits}>
                    {line.fingerprint}
                  </td>
                  <td data-name={admin.enrolledAt}>{dateTime(line.enrolledAt)}</td>
                  <td data-name={text.approvedBy}>
                    {line.approvedBy ?? text.byCode}
                    {line.approvedAt !== null && <div className="small">{dateTime(line.approvedAt)}</div>}
                  </td>
                  <td data-name={line.revokedAt === null && line.open === 0 ? undefined : text.ended}>
                    {line.revokedAt === null ? '' : dateTime(line.revokedAt)}
                    {line.open > 0 && <div className="small">{text.openCount(count(line.open, lang))}</div>}
                  </td>
                  <td className="roster-sign" />
                </tr>
              ))}
            </tbody>
          </table>
          <p className="roster-printed">{text.printedAt(dateTime(value.printedAt))}</p>
        </>
      )}
    </section>
  );
}
