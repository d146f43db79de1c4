/** Which month, and how to take it away: XLSX and paper. */
import type { ReactNode } from 'react';
import { addMonths, monthName, monthOf } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { Key } from '../common/parts.tsx';
import { dashboardText } from './text.ts';

/** Two years back: further months stay reachable with the keys beside the list. */
const LISTED = 24;

export function MonthKeys({
  month,
  onMonth,
}: {
  month: string;
  onMonth: (month: string) => void;
}): ReactNode {
  const text = useText(dashboardText);
  const latest = monthOf(Date.now());
  const listed = Array.from({ length: LISTED }, (_, back) => addMonths(latest, -back));
  if (!listed.includes(month)) listed.push(month);
  return (
    <div className="keys">
      <Key label={text.previous} onPress={() => onMonth(addMonths(month, -1))}>
        ‹
      </Key>
      <select
        className="key month"
        aria-label={text.choose}
        value={month}
        onChange={(event) => onMonth(event.target.value)}
      >
        {listed.map((each) => (
          <option key={each} value={each}>
            {text.month(monthName(each))}
          </option>
        ))}
      </select>
      <Key label={text.following} disabled={month >= latest} onPress={() => onMonth(addMonths(month, 1))}>
        ›
      </Key>
      <a className="key key-anchor" href={`/api/v1/dashboard.xlsx?month=${month}`} download>
        {text.xlsx}
      </a>
      <Key onPress={() => window.print()}>{text.print}</Key>
    </div>
  );
}
