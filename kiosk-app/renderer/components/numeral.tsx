import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';

interface NumeralProps {
  readonly number: string;
  readonly tone: 'open' | 'closed';
  readonly foot: string;
}

/** The counter's number, as large as its digits allow, on the lattice when open. */
export function Numeral({ number, tone, foot }: NumeralProps): ReactNode {
  const { text } = useKiosk();
  return (
    <div className={`numeral numeral-${tone}`}>
      <p className="numeral-word">{text.counter}</p>
      <p className="numeral-digits" data-digits={Math.min(4, Math.max(1, number.length))}>
        {number}
      </p>
      <p className="numeral-foot">{foot}</p>
    </div>
  );
}
