/**
 * The guided set-up of a panel: port, kind, live bytes, each button in order, lamps, save. One page, five steps; a step opens
 * when the one before it can be left. It decides nothing: the program judges and writes. It stands in a browser of its own, and
 * in the kiosk's window, whose lock it keeps to (setup-parts.tsx).
 * Document: firmware-notes/families.md, "Set-up".
 */
import { PANEL_CONFIG_PROBLEMS } from '@hailong/shared/model/panel-config.ts';
import type { SetupView } from '@hailong/shared/protocol/panel-setup.ts';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { ButtonsStep } from './buttons-step.tsx';
import { KindStep } from './kind-step.tsx';
import { PortStep } from './port-step.tsx';
import { buttonsOf, type Choice, choosePort, configOf, NO_CHOICE } from './setup-choice.ts';
import type { SetupLine } from './setup-seen.ts';
import { type Language, type SetupWords, setupWords } from './setup-words.ts';
import { useWedgeTest } from './use-wedge-test.ts';

function Step(given: { n: number; title: string; off?: boolean; children: ReactNode }): ReactNode {
  const { n, title, off = false, children } = given;
  return (
    <section className="step" data-off={off || undefined} aria-labelledby={`step-${n}`}>
      <h2 id={`step-${n}`}>
        <span className="step-number">{n}</span>
        {title}
      </h2>
      <div className="step-body">{children}</div>
    </section>
  );
}

function Problem({ view, language }: { view: SetupView; language: Language }): ReactNode {
  const { problem } = view;
  if (problem === null) return null;
  const known = Object.entries(PANEL_CONFIG_PROBLEMS).find(([code]) => code === problem.code)?.[1];
  const { problems, places } = setupWords[language];
  return (
    <p className="note note-critical" role="alert">
      ■ {known?.[language] ?? problems[problem.code] ?? problem.code} {places[problem.where] ?? problem.where}
    </p>
  );
}

function LampStep({ view, line, words }: { view: SetupView; line: SetupLine; words: SetupWords }): ReactNode {
  const { link, lamps } = view;
  if (link?.state !== 'ready' && view.config?.family !== 'hid-wedge') return <p>{words.notYet}</p>;
  if (!link?.led) return <p>{words.noLamps}</p>;
  return (
    <>
      <p className="row">
        <button type="button" onClick={() => line.send({ type: 'lamps', on: true })}>
          {words.lampsOn}
        </button>
        <button type="button" onClick={() => line.send({ type: 'lamps', on: false })}>
          {words.lampsOff}
        </button>
      </p>
      {lamps !== null && (
        <p role="status" className={lamps === 'failed' ? 'note note-attention' : 'note'}>
          {lamps === 'failed' ? '▲ ' : '● '}
          {words.lampsSaid[lamps]}
        </p>
      )}
    </>
  );
}

interface SaveStepProps {
  readonly view: SetupView;
  readonly line: SetupLine;
  readonly words: SetupWords;
  readonly tried: boolean;
  /** What follows from having saved. */
  readonly done: string;
}

function SaveStep({ view, line, words, tried, done }: SaveStepProps): ReactNode {
  const { config, link, saved, isSaved } = view;
  const canSave = config !== null && (config.family === 'hid-wedge' || link?.state === 'ready');
  return (
    <>
      {canSave && (
        <ul className="promises">
          <li>{link?.exactlyOnce ? words.exactly : words.atMost}</li>
          <li>{words.presence[link?.presence ?? 'none']}</li>
        </ul>
      )}
      {canSave && !tried && <p className="note note-attention">▲ {words.untested}</p>}
      {isSaved && (
        <p className="note note-done" role="status">
          ● {done}
        </p>
      )}
      <button type="button" className="main" disabled={!canSave} onClick={() => line.send({ type: 'save' })}>
        {words.saveKey}
      </button>
      <p className="saved">
        {saved === null ? words.savedNone : words.savedNow}{' '}
        {saved !== null && <code>{'path' in saved ? `${saved.family} ${saved.path}` : saved.family}</code>}
      </p>
    </>
  );
}

interface SetupPageProps {
  readonly line: SetupLine;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  /** At the serving counter: what it says of itself, and that saving needs no restart. */
  readonly atCounter?: boolean;
}

export function SetupPage({ line, language, onLanguage, atCounter = false }: SetupPageProps): ReactNode {
  const seen = useSyncExternalStore(line.subscribe, line.seen);
  const [choice, setChoice] = useState<Choice>(NO_CHOICE);
  const words = setupWords[language];
  const { view, connected } = seen;
  const wedge = useWedgeTest(view?.config ?? null);
  const count = buttonsOf(view?.config ?? null, view?.link?.buttons ?? 0);
  const isWedge = view?.config?.family === 'hid-wedge';
  const progress = isWedge ? wedge : { pressed: view?.pressed ?? 0, wrong: view?.wrong ?? null };
  const attempt = (next: Choice): void => {
    setChoice(next);
    line.send({ type: 'try', config: configOf(next) });
  };
  return (
    <>
      <header>
        <h1>{words.title}</h1>
        <button
          type="button"
          lang={language === 'vi' ? 'en' : 'vi'}
          onClick={() => onLanguage(language === 'vi' ? 'en' : 'vi')}
        >
          {words.other}
        </button>
      </header>
      <main>
        {atCounter && <p className="note">{words.paused}</p>}
        {!connected && !atCounter && (
          <p className="note note-critical" role="alert">
            ■ {words.offline}
          </p>
        )}
        <Step n={1} title={words.port}>
          <PortStep
            {...{ words, choice, ports: view?.ports ?? null }}
            onRefresh={() => line.send({ type: 'ports' })}
            onChoose={(port) => {
              line.send({ type: 'close' });
              setChoice(choosePort(choice, port));
            }}
          />
        </Step>
        <Step n={2} title={words.kind} off={choice.port === null}>
          {choice.port === null ? (
            <p>{words.first}</p>
          ) : (
            <KindStep {...{ words, language, choice, seen }} onChange={setChoice} onTry={attempt} />
          )}
          {view !== null && <Problem view={view} language={language} />}
        </Step>
        <Step n={3} title={words.press} off={count === 0}>
          <ButtonsStep
            {...{ words, count, progress, isThere: isWedge || view?.armed === true }}
            onAgain={() => (isWedge ? wedge.again() : line.send({ type: 'again' }))}
          />
        </Step>
        {view !== null && (
          <>
            <Step n={4} title={words.lamps} off={count === 0}>
              <LampStep {...{ view, line, words }} />
            </Step>
            <Step n={5} title={words.save} off={count === 0}>
              <SaveStep
                {...{ view, line, words, tried: count > 0 && progress.pressed >= count }}
                done={atCounter ? words.savedHere : words.saved}
              />
            </Step>
          </>
        )}
      </main>
    </>
  );
}
