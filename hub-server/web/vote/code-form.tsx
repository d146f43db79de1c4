/** A code typed from a slip or from the screen, for phones that read no QR code. */
import type { FormEvent, ReactNode } from 'react';
import { useId, useState } from 'react';
import { useText } from '../common/lang.ts';
import { BigKey, Foot, Head } from './parts.tsx';
import { voteText } from './text.ts';
import { isCode } from './way.ts';

export function CodeForm({ onCode }: { onCode: (code: string) => void }): ReactNode {
  const text = useText(voteText);
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const [id, about] = [useId(), useId()];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isCode(code)) onCode(code);
    else setWrong(true);
  };
  return (
    <form className="vote-code" onSubmit={submit}>
      <Head>{text.lead}</Head>
      <label htmlFor={id}>{text.codeLabel}</label>
      <input
        id={id}
        value={code}
        onChange={(event) => {
          setWrong(false);
          setCode(event.target.value);
        }}
        maxLength={40}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        aria-describedby={about}
        aria-invalid={wrong || undefined}
      />
      <p id={about} role={wrong ? 'alert' : undefined} className={wrong ? 'vote-wrong' : undefined}>
        {wrong ? text.codeWrong : text.codeHint}
      </p>
      <p>{text.kept}</p>
      <Foot>
        <BigKey main submit>
          {text.start}
        </BigKey>
      </Foot>
    </form>
  );
}
