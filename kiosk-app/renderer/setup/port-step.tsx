/** Which port: every one that the machine has, by the name that stays, or the panel that has none. */
import type { SetupPort } from '@hailong/shared/protocol/panel-setup.ts';
import { type ReactNode, useState } from 'react';
import type { Choice, PortChoice } from './setup-choice.ts';
import { Option, TextField } from './setup-parts.tsx';
import type { SetupWords } from './setup-words.ts';

interface PortStepProps {
  readonly words: SetupWords;
  readonly choice: Choice;
  readonly ports: readonly SetupPort[] | null;
  readonly onRefresh: () => void;
  readonly onChoose: (port: PortChoice) => void;
}

export function PortStep({ words, choice, ports, onRefresh, onChoose }: PortStepProps): ReactNode {
  const [typed, setTyped] = useState('');
  const take = (): void => {
    if (typed.trim() !== '') onChoose(typed.trim());
  };
  return (
    <>
      {ports === null && <p role="status">{words.loading}</p>}
      {ports?.length === 0 && <p className="note note-attention">▲ {words.noPorts}</p>}
      <fieldset>
        <legend className="hidden">{words.port}</legend>
        {ports?.map(({ path, device, name, label }) => (
          <Option key={path} chosen={choice.port === path} onChoose={() => onChoose(path)}>
            <code>{path}</code>
            <small>
              {device === path ? '' : `${device} `}
              {label}
              {name === 'device' ? ` ▲ ${words.unstable}` : ''}
            </small>
          </Option>
        ))}
        <Option chosen={choice.port === 'wedge'} onChoose={() => onChoose('wedge')}>
          {words.wedge}
        </Option>
      </fieldset>
      <div className="row">
        <TextField label={words.otherPort} value={typed} onValue={setTyped} onEnter={take} />
        <button type="button" onClick={take}>
          {words.take}
        </button>
      </div>
      <button type="button" onClick={onRefresh}>
        {words.refresh}
      </button>
    </>
  );
}
