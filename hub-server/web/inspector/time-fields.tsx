/** Fields for times of footage: a moment, and from when to when. Minutes of Vietnam, wherever the browser thinks it is. */
import type { ReactNode } from 'react';
import { useText } from '../common/lang.ts';
import { asUtc, localMinute } from '../common/local-minute.ts';
import { Field } from '../common/parts.tsx';
import { caseText } from './case-text.ts';

/** As the fields hold it. */
export interface LocalSpan {
  readonly from: string;
  readonly to: string;
}
const HALF_HOUR_MS = 1_800_000;

/** What is offered first beyond a range: never of what is yet to come. */
export const widerThan = ({ from, to }: { readonly from: number; readonly to: number }): LocalSpan => ({
  from: localMinute(from - HALF_HOUR_MS),
  to: localMinute(Math.min(to + HALF_HOUR_MS, Math.max(to, Date.now()))),
});
export const asTimes = ({ from, to }: LocalSpan): { from: number; to: number } => ({
  from: asUtc(from),
  to: asUtc(to),
});

export function SpanFields({
  value,
  onChange,
}: {
  value: LocalSpan;
  onChange: (value: LocalSpan) => void;
}): ReactNode {
  const text = useText(caseText);
  return (
    <div className="case-times">
      <TimeField label={text.from} value={value.from} onChange={(from) => onChange({ ...value, from })} />
      <TimeField label={text.to} value={value.to} onChange={(to) => onChange({ ...value, to })} />
    </div>
  );
}

export function TimeField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}): ReactNode {
  return (
    <Field label={label}>
      {(tied) => (
        <input
          {...tied}
          type="datetime-local"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          required
        />
      )}
    </Field>
  );
}
