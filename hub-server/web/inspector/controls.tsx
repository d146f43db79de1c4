/** Play, five seconds either way, speed, and straight to the press. */
import type { ReactNode } from 'react';
import { hms } from '../common/format.ts';
import { useText } from '../common/lang.ts';
import { Key } from '../common/parts.tsx';
import { inspectorText } from './text.ts';

const RATES: readonly number[] = [1, 2, 4, 0.5];

export function Controls({
  wall,
  paused,
  rate,
  disabled,
  hasPress,
  onToggle,
  onStep,
  onRate,
  onMark,
}: {
  wall: number | null;
  paused: boolean;
  rate: number;
  disabled: boolean;
  hasPress: boolean;
  onToggle: () => void;
  onStep: (by: number) => void;
  onRate: (rate: number) => void;
  onMark: () => void;
}): ReactNode {
  const text = useText(inspectorText);
  const nextRate = RATES[(RATES.indexOf(rate) + 1) % RATES.length] ?? 1;
  return (
    <div className="controls">
      <Key
        disabled={disabled}
        onPress={onToggle}
        label={paused ? text.play : text.pause}
        className="key-play"
      >
        <svg viewBox="0 0 12 12" width="14" height="14" aria-hidden="true">
          {paused ? <path d="M2 1 11 6 2 11Z" /> : <path d="M2 1h3v10H2zM7 1h3v10H7z" />}
        </svg>
      </Key>
      <Key disabled={disabled} onPress={() => onStep(-5)}>
        {text.back5}
      </Key>
      <Key disabled={disabled} onPress={() => onStep(5)}>
        {text.on5}
      </Key>
      <Key disabled={disabled} onPress={() => onRate(nextRate)} label={`${text.speed} ${rate}×`}>
        {String(rate).replace('.', ',')}×
      </Key>
      <Key disabled={disabled} onPress={onMark}>
        {hasPress ? text.toPress : text.toStart}
      </Key>
      <span className="controls-clock">{wall === null ? '' : hms(wall)}</span>
    </div>
  );
}
