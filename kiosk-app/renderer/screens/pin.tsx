/**
 * The officer's PIN at the kiosk, while the hub or the panel is away. A code first unless it is known who is meant; digits are never
 * shown, and leave this screen's memory the moment they are sent. While attempts are stopped there is no pad.
 */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import { type ReactNode, useEffect, useState } from 'react';
import { Head } from '../components/head.tsx';
import { Key } from '../components/key.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { Pad } from '../components/pad.tsx';
import { useKiosk } from '../kiosk-context.ts';
import type { KioskState } from '../kiosk-machine.ts';
import { problemIn, shortTime } from '../text/officer-text.ts';

const STAFF_CODE_MAX = 20;
const STAFF_CODE = /^[A-Z0-9][A-Z0-9._-]{0,19}$/;
const PIN_MIN = 4;
const PIN_MAX = 8;
const TICK_MS = 250;

/** Time left of a wait that began with the screen of this number; counts down by the monotonic clock. */
function useWait(waitMs: number, received: number): number {
  const [left, setLeft] = useState(waitMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every screen says anew how long is left
  useEffect(() => {
    const endsAtMs = performance.now() + waitMs;
    setLeft(waitMs);
    if (waitMs === 0) return undefined;
    const timer = setInterval(() => {
      const now = Math.max(0, endsAtMs - performance.now());
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [waitMs, received]);
  return left;
}

interface FieldProps {
  readonly label: string;
  readonly shown: string;
  readonly spoken: string;
  readonly active: boolean;
}

function Field({ label, shown, spoken, active }: FieldProps): ReactNode {
  return (
    <div className="field" data-active={active || undefined}>
      <p className="field-label">{label}</p>
      <p className="field-value" role="status">
        <span aria-hidden="true">{shown}</span>
        <span className="spoken">{spoken}</span>
      </p>
    </div>
  );
}

interface PinProps {
  readonly screen: Extract<Screen, { name: 'pin' }>;
  readonly state: KioskState;
}

export function PinScreen({ screen, state }: PinProps): ReactNode {
  const { text, press } = useKiosk();
  const words = text.officer;
  const { whom } = screen;
  const [staffCode, setStaffCode] = useState(whom?.code ?? '');
  const [pin, setPin] = useState('');
  const [asksPin, setAsksPin] = useState(whom !== null);
  const waitMs = useWait(screen.waitMs, state.received);
  const leave = (): void => void press({ type: 'officer.lock' });
  const back = (): void => {
    setPin('');
    if (asksPin && whom === null) setAsksPin(false);
    else leave();
  };
  const login = (): void => {
    press({ type: 'officer.login', staffCode, pin });
    setPin('');
  };
  const problem = state.busy ? words.checking : problemIn(words, screen.problem);
  return (
    <>
      <Head screen={screen} />
      <main className="desk">
        <div className="desk-top">
          <h1 className="desk-head">{words.pinHead[screen.why]}</h1>
          {whom !== null && (
            <p className="desk-whom">
              {whom.name}, {whom.position}
            </p>
          )}
          <p className="desk-problem" role="status">
            {waitMs > 0 ? `${problem} ${words.wait(shortTime(waitMs))}` : problem}
          </p>
          {waitMs === 0 && (
            <div className="fields">
              {whom === null && (
                <Field
                  label={words.staffCode}
                  shown={staffCode}
                  spoken={staffCode === '' ? words.nothingTyped : staffCode}
                  active={!asksPin}
                />
              )}
              {asksPin && (
                <Field
                  label={`${words.pin} (${words.pinHint})`}
                  shown={'•'.repeat(pin.length)}
                  spoken={pin === '' ? words.nothingTyped : words.digits(pin.length)}
                  active
                />
              )}
            </div>
          )}
        </div>
        {waitMs === 0 && asksPin && (
          <Pad
            kind="pin"
            value={pin}
            lengthMax={PIN_MAX}
            onValue={setPin}
            enter={words.open}
            onEnter={login}
            complete={pin.length >= PIN_MIN}
            onBack={back}
          />
        )}
        {waitMs === 0 && !asksPin && (
          <Pad
            kind="code"
            value={staffCode}
            lengthMax={STAFF_CODE_MAX}
            onValue={setStaffCode}
            enter={words.next}
            onEnter={() => setAsksPin(true)}
            complete={STAFF_CODE.test(staffCode)}
            onBack={back}
          />
        )}
      </main>
      {waitMs > 0 && (
        <footer className="keys">
          <LanguageKey />
          <Key onPress={leave}>{words.back}</Key>
        </footer>
      )}
    </>
  );
}
