/** A whole number between two bounds. */
import type { ReactNode } from 'react';
import { Field } from '../../common/parts.tsx';

export function NumberField({
  label,
  value,
  bounds: [min, max],
  onChange,
}: {
  label: string;
  value: number;
  bounds: readonly [number, number];
  onChange: (value: number) => void;
}): ReactNode {
  return (
    <Field label={label}>
      {(tied) => (
        <input
          {...{ ...tied, min, max, value, type: 'number', required: true }}
          onChange={(event) => onChange(Math.round(Number(event.target.value)))}
        />
      )}
    </Field>
  );
}
