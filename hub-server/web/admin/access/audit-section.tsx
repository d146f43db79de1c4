/** The audit log, newest first: each act in words, with the row's own words below, by which the command line and an auditor know it. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { date, hms } from '../../common/format.ts';
import { useText } from '../../common/lang.ts';
import { Empty, Key, Loading, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { AuditAnswer } from '../../common/wire.ts';
import { adminText } from '../text.ts';
import { auditText, namedAct, namedThing } from './audit-text.ts';

export function AuditSection(): ReactNode {
  const text = useText(adminText);
  const [before, setBefore] = useState<number | null>(null);
  const page = useLoad<AuditAnswer>(`/api/v1/admin/audit${before === null ? '' : `?before=${before}`}`);
  const rows = page.value?.rows ?? null;
  const last = rows?.at(-1)?.seq;
  return (
    <>
      <h1>{text.sections.audit}</h1>
      {page.problem && <ProblemNote problem={page.problem} retry={() => void page.reload()} />}
      <section className="panel list-panel">
        {page.loading && <Loading />}
        {rows?.length === 0 && <Empty head={text.auditNone} />}
        {rows && rows.length > 0 && (
          <table className="list list-cards list-audit">
            <thead>
              <tr>
                <th className="num">#</th>
                <th>{text.auditAt}</th>
                <th>{text.actor}</th>
                <th>{text.what}</th>
                <th>{text.object}</th>
                <th>{text.reason}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.seq}>
                  <td className="num">{row.seq}</td>
                  <td className="audit-at">
                    {date(row.at)} {hms(row.at)}
                  </td>
                  {row.withheld ? (
                    <td className="muted" colSpan={4}>
                      {text.auditWithheld}
                    </td>
                  ) : (
                    <Act row={row} />
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <div className="keys">
        {before !== null && <Key onPress={() => setBefore(null)}>{text.newest}</Key>}
        {page.value?.more && last !== undefined && <Key onPress={() => setBefore(last)}>{text.older}</Key>}
      </div>
    </>
  );
}

function Act({ row }: { row: AuditAnswer['rows'][number] }): ReactNode {
  const text = useText(adminText);
  const words = useText(auditText);
  return (
    <>
      <td>
        {row.actorName ?? namedThing(row.actor, null, words)}
        <div className="audit-raw">{row.actor}</div>
      </td>
      <td>
        <b>{namedAct(row.action, words)}</b>
        <div className="audit-raw">{row.action}</div>
      </td>
      {row.object === '' ? (
        <td />
      ) : (
        <td data-name={text.object}>
          {namedThing(row.object, row.objectName, words)}
          <div className="audit-raw">{row.object}</div>
        </td>
      )}
      {row.reason ? <td data-name={text.reason}>{row.reason}</td> : <td />}
    </>
  );
}
