/** Which kind, its line settings, the trial with its live bytes, and learning a box that no profile knows. */
import { LINE_PROFILES, WEDGE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import { type ReactNode, useEffect, useState } from 'react';
import { type Choice, chooseKind, hasLine, savedForm, type WireTexts } from './setup-choice.ts';
import { Choices, Option, TextField } from './setup-parts.tsx';
import type { SetupSeen } from './setup-seen.ts';
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
const PARITIES = ['none', 'even', 'odd'] as const;
const BUTTONS_MAX = 8;

export function KindStep({ words, language, choice, seen, onChange, onTry }: KindStepProps): ReactNode {
  const isWedge = choice.port === 'wedge';
  const saved = seen.view?.saved ?? null;
  const kinds = [
    ...(savedForm(saved, choice.port) ? [{ key: 'saved', name: words.fromSaved }] : []),
    ...(isWedge ? [] : [{ key: 'cpp1', name: words.cpp1 }]),
    ...(isWedge ? WEDGE_PROFILES : LINE_PROFILES).map(({ key, name }) => ({ key, name: name[language] })),
    { key: 'learn', name: words.learn },
  ];
  return (
    <>
      <fieldset>
        <legend className="hidden">{words.kind}</legend>
        {kinds.map(({ key, name }) => (
          <Option
            key={key}
            chosen={choice.kind === key}
            onChoose={() => onChange(chooseKind(choice, key, saved))}
          >
            {name}
          </Option>
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

const TERMINATORS = ['\\n', '\\r', '\\r\\n', ';', '#'];
const POLLS_MS = [20, 50, 100, 200, 500, 1_000];

function LineFields(given: Pick<KindStepProps, 'words' | 'choice' | 'onChange'>): ReactNode {
  const { words, choice, onChange } = given;
  const { line, terminator, texts } = choice;
  const set = (part: Partial<Choice['line']>) => onChange({ ...choice, line: { ...line, ...part } });
  const write = (part: Partial<WireTexts>) => onChange({ ...choice, texts: { ...texts, ...part } });
  const field = (name: Exclude<keyof WireTexts, 'pollEveryMs'>) => (
    <TextField label={words.wires[name]} value={texts[name]} onValue={(text) => write({ [name]: text })} />
  );
  return (
    <>
      <Choices
        label={words.baud}
        value={line.baud}
        options={BAUDS.map((baud) => [baud, String(baud)] as const)}
        onChoose={(baud) => set({ baud })}
      />
      <Choices
        label={words.dataBits}
        value={line.dataBits}
        options={[
          [8, '8'],
          [7, '7'],
        ]}
        onChoose={(dataBits) => set({ dataBits })}
      />
      <Choices
        label={words.parity}
        value={line.parity}
        options={PARITIES.map((parity) => [parity, words.parities[parity]] as const)}
        onChoose={(parity) => set({ parity })}
      />
      <Choices
        label={words.stopBits}
        value={line.stopBits}
        options={[
          [1, '1'],
          [2, '2'],
        ]}
        onChoose={(stopBits) => set({ stopBits })}
      />
      <Choices
        label={words.framing}
        value={terminator}
        options={[
          ['', words.byByte] as const,
          ...TERMINATORS.map((end) => [end, `${words.byLine} ${end}`] as const),
        ]}
        onChoose={(end) => onChange({ ...choice, terminator: end })}
      />
      <section className="wires" aria-label={words.wiresHead}>
        <h3>{words.wiresHead}</h3>
        <p>{words.wiresHint}</p>
        <div className="pairs">
          {field('keepSend')}
          {field('keepExpect')}
          {field('pollSend')}
          {field('pollIdle')}
          {field('ledOn')}
          {field('ledOff')}
          {field('init')}
        </div>
        {texts.pollSend !== '' && (
          <Choices
            label={words.pollEvery}
            value={texts.pollEveryMs}
            options={POLLS_MS.map((ms) => [ms, String(ms)] as const)}
            onChoose={(pollEveryMs) => write({ pollEveryMs })}
          />
        )}
      </section>
    </>
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
