/** From when to when, on which days of the week. */
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { Field } from '../../common/parts.tsx';
import './hours.css';
import { hoursText } from './hours-text.ts';

export interface WeekHours {
  readonly opensMin: number;
  readonly closesMin: number;
  readonly days: number;
}

const LAST_MIN = 1_439;
const pad = (value: number): string => String(value).padStart(2, '0');
/** The browser's field of time ends before midnight. */
const clockOf = (minutes: number): string => {
  const shown = Math.min(minutes, LAST_MIN);
  return `${pad(Math.floor(shown / 60))}:${pad(shown % 60)}`;
};
const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

function TimeField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (minutes: number) => void;
}): ReactNode {
  return (
    <Field label={label}>
      {(tied) => (
        <input
          {...{ ...tied, type: 'time', required: true, value: clockOf(value) }}
          onChange={(event) => onChange(minutesOf(event.target.value))}
        />
      )}
    </Field>
  );
}

export function OpenFields({
  value: { opensMin, closesMin },
  onChange,
}: {
  value: Pick<WeekHours, 'opensMin' | 'closesMin'>;
  onChange: (change: Partial<WeekHours>) => void;
}): ReactNode {
  const text = useText(hoursText);
  return (
    <>
      <TimeField label={text.opens} value={opensMin} onChange={(to) => onChange({ opensMin: to })} />
      <TimeField label={text.closes} value={closesMin} onChange={(to) => onChange({ closesMin: to })} />
    </>
  );
}

export function DaysField({
  days,
  onChange,
}: {
  days: number;
  onChange: (change: Pick<WeekHours, 'days'>) => void;
}): ReactNode {
  const text = useText(hoursText);
  return (
    <fieldset className="edit-part">
      <legend>{text.days}</legend>
      <div className="week-days">
        {text.dayNames.map((name, day) => (
          <label key={name} className="check">
            <input
              type="checkbox"
              checked={(days & (1 << day)) !== 0}
              onChange={() => onChange({ days: days ^ (1 << day) })}
            />
            {name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
