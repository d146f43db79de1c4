/**
 * Second factor: staff code and PIN. Logging in starts the duty, which the counter's device makes a fact; over a colleague's
 * login the page waits for that, and the colleague's runs on when it fails.
 */
import type { FormEvent, ReactNode } from 'react';
import { useRef, useState } from 'react';
import { useText } from '../common/lang.ts';
import { Field, Key, Note, ProblemNote } from '../common/parts.tsx';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { stationText } from './text.ts';
import type { useStation } from './use-station.ts';

export function Login({
  live,
  before,
  onDone,
  onBusy,
}: {
  live: ReturnType<typeof useStation>;
  /** A refusal of the last attempt, told by the device. */
  before?: Problem | null;
  onDone?: () => void;
  /** While it waits for the device nothing takes it back: whoever shows a way out hides it. */
  onBusy?: (busy: boolean) => void;
}): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const [staffCode, setStaffCode] = useState('');
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const pinField = useRef<HTMLInputElement>(null);
  const away = live.link === 'away';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    onBusy?.(true);
    const answer = await live.send('POST', 'login', { staffCode, pin });
    setBusy(false);
    onBusy?.(false);
    if (answer.ok) {
      onDone?.();
      return;
    }
    setProblem(answer.problem);
    setPin('');
    pinField.current?.focus();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      {before && <ProblemNote problem={before} />}
      <Field label={text.staffCode}>
        {(tied) => (
          <input
            {...tied}
            value={staffCode}
            onChange={(event) => setStaffCode(event.target.value.toUpperCase())}
            autoComplete="off"
            spellCheck={false}
            maxLength={20}
            // biome-ignore lint/a11y/noAutofocus: the only thing to do on this screen, keyboard first
            autoFocus
            required
          />
        )}
      </Field>
      <PinField value={pin} onChange={setPin} field={pinField} />
      {problem && <ProblemNote problem={problem} />}
      {away && <Note tone="critical" head={text.away} />}
      <Key main submit busy={busy} disabled={away}>
        {busy ? common.wait : text.startDuty}
      </Key>
    </form>
  );
}

export function PinField({
  value,
  onChange,
  field,
  first,
}: {
  value: string;
  onChange: (pin: string) => void;
  field: React.RefObject<HTMLInputElement | null>;
  first?: boolean;
}): ReactNode {
  const text = useText(stationText);
  return (
    <Field label={text.pin} hint={text.pinHint}>
      {(tied) => (
        <input
          {...tied}
          ref={field}
          type="password"
          inputMode="numeric"
          pattern="[0-9]{4,8}"
          title={text.pinHint}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          maxLength={8}
          // biome-ignore lint/a11y/noAutofocus: the only thing to do on a locked page
          autoFocus={first ?? false}
          required
        />
      )}
    </Field>
  );
}
