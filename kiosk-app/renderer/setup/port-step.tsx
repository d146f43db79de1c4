/** Which port: every one that the machine has, by the name that stays, or the panel that has none. */
import type { SetupPort } from '@hailong/shared/protocol/panel-setup.ts';
import { type ReactNode, useState } from 'react';
import type { Choice, PortChoice } from './setup-choice.ts';
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
  return (
    <>
      {ports === null && <p role="status">{words.loading}</p>}
      {ports?.length === 0 && <p className="note note-attention">▲ {words.noPorts}</p>}
      <fieldset>
        <legend className="hidden">{words.port}</legend>
        {ports?.map(({ path, device, name, label }) => (
          <label key={path} className="option">
            <input type="radio" name="port" checked={choice.port === path} onChange={() => onChoose(path)} />
            <span>
              <code>{path}</code>
              <small>
                {device === path ? '' : `${device} `}
                {label}
                {name === 'device' ? ` ▲ ${words.unstable}` : ''}
              </small>
            </span>
          </label>
        ))}
        <label className="option">
          <input
            type="radio"
            name="port"
            checked={choice.port === 'wedge'}
            onChange={() => onChoose('wedge')}
          />
          <span>{words.wedge}</span>
        </label>
      </fieldset>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') onChoose(typed.trim());
        }}
      >
        <input
          type="text"
          aria-label={words.otherPort}
          placeholder={words.otherPort}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <button type="submit">{words.take}</button>
      </form>
      <button type="button" onClick={onRefresh}>
        {words.refresh}
      </button>
    </>
  );
}
