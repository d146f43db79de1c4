/** Which kind, its line settings, the trial with its live bytes, and learning a box that no profile knows. */
import { LINE_PROFILES, WEDGE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import { type ReactNode, useEffect, useState } from 'react';
import { type Choice, chooseKind, hasLine } from './setup-choice.ts';
import type { SetupSeen } from './setup-line.ts';
import type { Language, SetupWords } from './setup-words.ts';

interface KindStepProps {
  readonly words: SetupWords;
  readonly language: Language;
  readonly choice: Choice;
  readonly seen: SetupSeen;
  readonly onChange: (choice: Choice) => void;
  readonly onTry: (choice: Choice) => void;
}

const BAUDS = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200];
const BUTTONS_MAX = 8;

export function KindStep({ words, language, choice, seen, onChange, onTry }: KindStepProps): ReactNode {
  const isWedge = choice.port === 'wedge';
  const kinds = [
    ...(isWedge ? [] : [{ key: 'cpp1', name: words.cpp1 }]),
    ...(isWedge ? WEDGE_PROFILES : LINE_PROFILES).map(({ key, name }) => ({ key, name: name[language] })),
    { key: 'learn', name: words.learn },
  ];
  return (
    <>
      <fieldset>
        <legend className="hidden">{words.kind}</legend>
        {kinds.map(({ key, name }) => (
          <label key={key} className="option">
            <input
              type="radio"
              name="kind"
              checked={choice.kind === key}
              onChange={() => onChange(chooseKind(choice, key))}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      {hasLine(choice) && <LineFields {...{ words, choice, onChange }} />}
      {choice.kind !== null && !(isWedge && choice.kind === 'learn') && (
        <button type="button" className="main" onClick={() => onTry(choice)}>
          {words.try}
        </button>
      )}
      <Link {...{ words, seen }} />
      {choice.kind === 'learn' && (isWedge || seen.view?.config?.family === 'line-ascii') && (
        <Learn {...{ words, choice, seen, onTry }} />
      )}
    </>
  );
}

function LineFields(given: Pick<KindStepProps, 'words' | 'choice' | 'onChange'>): ReactNode {
  const { words, choice, onChange } = given;
  const { line, terminator } = choice;
  const set = (part: Partial<Choice['line']>) => onChange({ ...choice, line: { ...line, ...part } });
  return (
    <div className="fields">
      <label>
        {words.baud}
        <select value={line.baud} onChange={({ target }) => set({ baud: Number(target.value) })}>
          {BAUDS.map((baud) => (
            <option key={baud}>{baud}</option>
          ))}
        </select>
      </label>
      <label>
        {words.dataBits}
        <select
          value={line.dataBits}
          onChange={({ target }) => set({ dataBits: target.value === '7' ? 7 : 8 })}
        >
          <option>8</option>
          <option>7</option>
        </select>
      </label>
      <label>
        {words.parity}
        <select
          value={line.parity}
          onChange={({ target }) => set({ parity: target.value as Choice['line']['parity'] })}
        >
          {Object.entries(words.parities).map(([key, name]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.stopBits}
        <select
          value={line.stopBits}
          onChange={({ target }) => set({ stopBits: target.value === '2' ? 2 : 1 })}
        >
          <option>1</option>
          <option>2</option>
        </select>
      </label>
      <label>
        {words.framing}
        <select
          value={terminator}
          onChange={({ target }) => onChange({ ...choice, terminator: target.value })}
        >
          <option value="">{words.byByte}</option>
          {['\\n', '\\r', '\\r\\n', ';', '#'].map((end) => (
            <option key={end} value={end}>{`${words.byLine} ${end}`}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Link({ words, seen }: Pick<KindStepProps, 'words' | 'seen'>): ReactNode {
  const link = seen.view?.link;
  if (!link) return null;
  const isReady = link.state === 'ready';
  return (
    <div className="link">
      <p role="status" className={isReady ? 'note note-done' : 'note note-attention'}>
        {isReady ? '● ' : '▲ '}
        {words.states[link.state]}
        {isReady && link.hwid !== null && ` ${words.hwid}: ${link.hwid}.`}
        {isReady && link.firmware !== null && ` ${words.firmware}: ${link.firmware}.`}
        {link.fault !== null && ` (${link.fault})`}
      </p>
      <h3>{words.live}</h3>
      {seen.bytes.length === 0 ? (
        <p>{words.noBytes}</p>
      ) : (
        <ol className="bytes">
          {seen.bytes.map(({ id, direction, text }) => (
            <li key={id}>
              <span aria-hidden="true">{direction === 'in' ? '←' : '→'}</span> <code>{text}</code>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** Messages of the line, or keys of the keyboard, in the order they came first. */
function Learn(given: Pick<KindStepProps, 'words' | 'choice' | 'seen' | 'onTry'>): ReactNode {
  const { words, choice, seen, onTry } = given;
  const isWedge = choice.port === 'wedge';
  const [keys, setKeys] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isWedge || choice.learned.length > 0) return;
    const onKey = (event: KeyboardEvent): void => {
      event.preventDefault();
      const { code, repeat } = event;
      if (repeat || code === '' || code === 'Tab') return;
      setKeys((held) => (held.includes(code) ? held : [...held, code]));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isWedge, choice.learned.length]);
  if (choice.learned.length > 0)
    return (
      <button
        type="button"
        onClick={() => {
          setKeys([]);
          onTry({ ...choice, learned: [] });
        }}
      >
        {words.forget}
      </button>
    );
  const heard = (isWedge ? keys : seen.heard).slice(0, BUTTONS_MAX);
  return (
    <div className="learn">
      <p>{isWedge ? words.learningKeys : words.learning}</p>
      <ol className="heard">
        {heard.map((text) => (
          <li key={text}>
            <code>{text}</code>
          </li>
        ))}
      </ol>
      {heard.length > 0 && (
        <button type="button" className="main" onClick={() => onTry({ ...choice, learned: heard })}>
          {words.takeLearned(heard.length)}
        </button>
      )}
    </div>
  );
}
