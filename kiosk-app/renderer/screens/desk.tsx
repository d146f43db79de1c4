/**
 * The officer's keys at the kiosk while the hub is away, in place of rest or serving: next citizen, the ways to finish,
 * pause, log-out, lock. Reasons are the office's list. The agent judges; what it refused is said in words.
 */
import type { OfficerAct, Screen } from '@hailong/shared/protocol/ui.ts';
import { type ReactNode, useState } from 'react';
import { Head } from '../components/head.tsx';
import { Key } from '../components/key.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { Pad } from '../components/pad.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { problemIn } from '../text/officer-text.ts';
import { shownIn } from '../text/shown-in.ts';
import { useTyping } from '../use-typing.ts';

type Desk = Extract<Screen, { name: 'rest' | 'serving' }>;
type Keys = NonNullable<Desk['officerKeys']>;
type Finish = Extract<OfficerAct, { act: 'finish' }>['outcome'];
type Stage = NonNullable<Extract<OfficerAct, { act: 'next' }>['stage']>;
type View =
  | { name: 'keys' | 'code' | 'stage' }
  | { name: 'reasons'; outcome: Keys['reasons'][number]['outcome'] };

const FINISHES: readonly Finish[] = ['completed', 'supplement', 'refused', 'no_show', 'test', 'accident'];
const STAGES: readonly Stage[] = ['reception', 'supplement', 'return', 'refusal', 'advice'];
const CODE_MAX = 60;
/** Reasons on one page; with more of them the last place leads to the next page. */
const REASONS_A_PAGE = 6;

interface DeskKeyProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly main?: boolean;
}

function DeskKey({ children, onPress, main = false }: DeskKeyProps): ReactNode {
  return (
    <button type="button" className={main ? 'key key-main' : 'key'} onClick={onPress}>
      {children}
    </button>
  );
}

interface ReasonsProps {
  readonly reasons: Keys['reasons'];
  readonly onChoose: (reason: string) => void;
  readonly onBack: () => void;
}

function Reasons({ reasons, onChoose, onBack }: ReasonsProps): ReactNode {
  const { language, text } = useKiosk();
  const [from, setFrom] = useState(0);
  const paged = reasons.length > REASONS_A_PAGE;
  const size = paged ? REASONS_A_PAGE - 1 : REASONS_A_PAGE;
  useTyping({ onCharacter: () => {}, onErase: () => {}, onEnter: () => {}, onBack });
  return (
    <div className="desk-keys">
      {reasons.slice(from, from + size).map(({ key, name }) => (
        <DeskKey key={key} onPress={() => onChoose(key)}>
          {shownIn(name, language)}
        </DeskKey>
      ))}
      {paged && (
        <DeskKey onPress={() => setFrom(from + size < reasons.length ? from + size : 0)}>
          {text.officer.more}
        </DeskKey>
      )}
    </div>
  );
}

function Stages({ onChoose, onBack }: { onChoose: (stage: Stage) => void; onBack: () => void }): ReactNode {
  const { text } = useKiosk();
  useTyping({ onCharacter: () => {}, onErase: () => {}, onEnter: () => {}, onBack });
  return (
    <div className="desk-keys">
      {STAGES.map((stage) => (
        <DeskKey key={stage} onPress={() => onChoose(stage)}>
          {text.officer.stages[stage]}
        </DeskKey>
      ))}
    </div>
  );
}

export function DeskScreen({ screen, keys }: { screen: Desk; keys: Keys }): ReactNode {
  const { text, press } = useKiosk();
  const words = text.officer;
  const [view, setView] = useState<View>({ name: 'keys' });
  const [code, setCode] = useState('');
  /** Stays until the keys are locked: a counter that returns results does so all morning. */
  const [stage, setStage] = useState<Stage>('reception');
  const home = (): void => {
    setCode('');
    setView({ name: 'keys' });
  };
  const act = (one: OfficerAct): void => {
    // A press that goes nowhere (the line is cut, the screen has just changed) leaves what was typed.
    if (press({ type: 'officer.act', act: one })) home();
  };
  const reasonsOf = (outcome: Finish) => keys.reasons.filter((reason) => reason.outcome === outcome);
  const finish = (outcome: Finish): void => {
    const silent = outcome === 'no_show' || outcome === 'test' || outcome === 'accident';
    if (silent && reasonsOf(outcome).length > 0) setView({ name: 'reasons', outcome });
    else act({ act: 'finish', outcome });
  };
  const number = screen.name === 'serving' ? (screen.queueNumber ?? screen.dossierCodes[0]) : undefined;
  const state = screen.name === 'rest' ? words.idle : words.serving(number ?? words.noNumber);
  const head = {
    keys: state,
    code: words.code,
    stage: words.stageHead,
    reasons: view.name === 'reasons' ? words.reasonHead(words[view.outcome]) : '',
  }[view.name];
  return (
    <>
      <Head screen={screen} />
      <main className="desk">
        <div className="desk-top">
          <p className="desk-whom">
            {words.deskHead}: {screen.officer.name}
          </p>
          <h1 className="desk-head">{head}</h1>
          {view.name === 'code' ? (
            <p className="field-value desk-code" role="status">
              {code}
            </p>
          ) : (
            <p className="desk-problem" role="status">
              {problemIn(words, keys.problem)}
            </p>
          )}
        </div>
        {view.name === 'code' && (
          <Pad
            kind="code"
            value={code}
            lengthMax={CODE_MAX}
            onValue={setCode}
            enter={words.call}
            onEnter={() => act({ act: 'next', code, stage })}
            complete={code !== ''}
            onBack={home}
          />
        )}
        {view.name === 'reasons' && (
          <Reasons
            reasons={reasonsOf(view.outcome)}
            onChoose={(reason) => act({ act: 'finish', outcome: view.outcome, reason })}
            onBack={home}
          />
        )}
        {view.name === 'stage' && (
          <Stages
            onChoose={(chosen) => {
              setStage(chosen);
              home();
            }}
            onBack={home}
          />
        )}
        {view.name === 'keys' && screen.name === 'rest' && (
          <div className="desk-keys">
            <DeskKey main onPress={() => act({ act: 'next', stage })}>
              {words.callNext}
            </DeskKey>
            <DeskKey onPress={() => setView({ name: 'code' })}>{words.callCode}</DeskKey>
            <DeskKey onPress={() => setView({ name: 'stage' })}>{words.stage(words.stages[stage])}</DeskKey>
            <DeskKey onPress={() => act({ act: 'pause', reason: 'lunch' })}>{words.lunch}</DeskKey>
            <DeskKey onPress={() => act({ act: 'pause', reason: 'away' })}>{words.away}</DeskKey>
            <DeskKey onPress={() => act({ act: 'logout' })}>{words.logout}</DeskKey>
          </div>
        )}
        {view.name === 'keys' && screen.name === 'serving' && (
          <div className="desk-keys">
            {FINISHES.map((outcome) => (
              <DeskKey key={outcome} main={outcome === 'completed'} onPress={() => finish(outcome)}>
                {words[outcome]}
              </DeskKey>
            ))}
          </div>
        )}
      </main>
      {view.name !== 'code' && (
        <footer className="keys keys-desk">
          <LanguageKey />
          <span className="keys-gap" />
          {view.name !== 'keys' && <Key onPress={home}>{words.back}</Key>}
          {view.name === 'keys' && screen.name === 'rest' && keys.panel && (
            <Key onPress={() => act({ act: 'panel' })}>{words.panel}</Key>
          )}
          <Key onPress={() => press({ type: 'officer.lock' })}>{words.lock}</Key>
        </footer>
      )}
    </>
  );
}
