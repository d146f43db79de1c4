/** A page of holds as a table; on a phone each is a card whose lines carry their heads. */
import type { HoldAnswer } from '@hailong/shared/protocol/holds.ts';
import type { ReactNode } from 'react';
import { date, dateTime, hm, sameDay } from '../format.ts';
import { useText } from '../lang.ts';
import { Key } from '../parts.tsx';
import { words } from '../words.ts';
import { footageText } from './text.ts';

export function HoldRows({
  holds,
  end,
}: {
  holds: readonly HoldAnswer[];
  end: (hold: HoldAnswer) => void;
}): ReactNode {
  const text = useText(footageText);
  const common = useText(words);
  return (
    <table className="list">
      <thead>
        <tr>
          <th>{text.owner}</th>
          <th>{text.caseHead}</th>
          <th>{text.footage}</th>
          <th>{text.ends}</th>
          <th>{text.reason}</th>
          <th>
            <span className="visually-hidden">{text.end}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {holds.map((hold) => (
          <tr key={hold.id} className={hold.state === 'living' ? '' : 'hold-row-ended'}>
            <td>
              <b>{text.kinds[hold.kind]}</b>
              {hold.walkup && (
                <div className="small">{text.walkup(hold.walkup.counter, dateTime(hold.walkup.at))}</div>
              )}
              <div className="small">{hold.secret ? text.secret : (hold.owner ?? text.hub)}</div>
            </td>
            <td className="hold-case" data-name={text.caseHead}>
              {hold.case?.number ?? (hold.secret ? '–' : text.noCase)}
              {hold.case && <div className="small">{common.caseTypes[hold.case.type]}</div>}
            </td>
            <td data-name={text.footage}>
              {hold.cameras.map(({ name }) => name).join(', ')}
              {hold.from !== null && hold.to !== null && (
                <div className="small hold-range">
                  {dateTime(hold.from)} – {sameDay(hold.from, hold.to) ? hm(hold.to) : dateTime(hold.to)}
                </div>
              )}
            </td>
            <td data-name={text.ends}>{endOf(text, hold)}</td>
            <td className="clip-text" data-name={text.reason}>
              {hold.reason}
            </td>
            <td className="hold-end">
              {hold.state === 'living' && !hold.secret && <Key onPress={() => end(hold)}>{text.end}</Key>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function endOf(text: (typeof footageText)['vi'], { state, until, endedAt, endedBy }: HoldAnswer): string {
  if (state === 'lapsed') return text.lapsed(dateTime(endedAt ?? 0));
  if (state === 'ended') return text.ended(dateTime(endedAt ?? 0), (endedBy ?? ['–']).join(', '));
  return until === null ? text.whileOpen : date(until);
}
