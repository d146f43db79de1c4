/** A login rests here: the same officer's PIN wakes it, or a colleague takes the counter. Whose it is, the page does not know. */
import type { FormEvent, ReactNode } from 'react';
import { useRef, useState } from 'react';
import { useText } from '../common/lang.ts';
import { Key, Note, ProblemNote } from '../common/parts.tsx';
import type { Problem } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { Login, PinField } from './login.tsx';
import { stationText } from './text.ts';
import type { useStation } from './use-station.ts';

export function Locked({ live }: { live: ReturnType<typeof useStation> }): ReactNode {
  const text = useText(stationText);
  const common = useText(words);
  const [pin, setPin] = useState('');
  const [other, setOther] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const pinField = useRef<HTMLInputElement>(null);
  const away = live.link === 'away';

  const unlock = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await live.send('POST', 'unlock', { pin });
    setBusy(false);
    setPin('');
    if (answer.ok) return;
    setProblem(answer.problem);
    pinField.current?.focus();
  };
  if (other)
    return (
      <>
        <h1>{text.handOver}</h1>
        <p className="muted">{text.handOverWhy}</p>
        <Login live={live} onBusy={setBusy} />
        {!busy && <Key onPress={() => setOther(false)}>{common.cancel}</Key>}
      </>
    );
  return (
    <>
      <form onSubmit={(event) => void unlock(event)}>
        <h1>{text.lockedTitle}</h1>
        <p className="muted">{text.lockedWhy}</p>
        <PinField value={pin} onChange={setPin} field={pinField} first />
        {problem && <ProblemNote problem={problem} />}
        {away && <Note tone="critical" head={text.away} />}
        <Key main submit busy={busy} disabled={away}>
          {busy ? common.wait : text.unlock}
        </Key>
      </form>
      <Key onPress={() => setOther(true)}>{text.otherOfficer}</Key>
    </>
  );
}
