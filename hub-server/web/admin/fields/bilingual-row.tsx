/** One text of a form in both languages, side by side; the label stands before it and names both fields. */
import type { Bilingual } from '@hailong/shared/model/instrument.ts';
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import { instrumentsText } from '../instruments/instruments-text.ts';

export function BilingualRow({
  label,
  mark,
  value,
  onChange,
  children,
}: {
  label: string;
  mark?: ReactNode;
  value: Bilingual;
  onChange: (value: Bilingual) => void;
  children?: ReactNode;
}): ReactNode {
  const text = useText(instrumentsText);
  const input = (language: 'vi' | 'en', name: string): ReactNode => (
    <input
      value={value[language]}
      lang={language}
      aria-label={`${label}: ${name}`}
      placeholder={name}
      onChange={(event) => onChange({ ...value, [language]: event.target.value })}
      required
      maxLength={300}
      autoComplete="off"
      spellCheck={false}
    />
  );
  return (
    <div className="both field">
      <span className="both-label">
        {mark}
        {label}
      </span>
      {input('vi', text.vietnamese)}
      {input('en', text.english)}
      {children}
    </div>
  );
}
