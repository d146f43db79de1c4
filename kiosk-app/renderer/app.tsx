/** Chooses the screen for the machine's state and joins it to keys, language and page. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import { type ReactNode, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { Kiosk, type KioskContext } from './kiosk-context.ts';
import { askOf, type KioskState } from './kiosk-machine.ts';
import type { KioskStore } from './kiosk-store.ts';
import { AwayScreen } from './screens/away.tsx';
import { ChipsScreen } from './screens/chips.tsx';
import { ClosedScreen } from './screens/closed.tsx';
import { DarkScreen } from './screens/dark.tsx';
import { DeskScreen } from './screens/desk.tsx';
import { LanguagesScreen } from './screens/languages.tsx';
import { OutcomeScreen } from './screens/outcome.tsx';
import { PinScreen } from './screens/pin.tsx';
import { PrivateScreen } from './screens/private.tsx';
import { QuestionScreen } from './screens/question.tsx';
import { RestScreen } from './screens/rest.tsx';
import { ServingScreen } from './screens/serving.tsx';
import { SetupScreen } from './screens/setup.tsx';
import type { WindowLine } from './setup/window-line.ts';
import { catalogues, offeredLanguages } from './text/catalogues.ts';
import { useKeyboard } from './use-keyboard.ts';

function body(state: KioskState, screen: Screen, setup: WindowLine): ReactNode {
  switch (screen.name) {
    case 'starting':
      return <AwayScreen screen={screen} reason="starting" />;
    case 'closed':
      return <ClosedScreen screen={screen} />;
    case 'rest':
      if (screen.officerKeys) return <DeskScreen screen={screen} keys={screen.officerKeys} />;
      return <RestScreen screen={screen} />;
    case 'serving':
      if (screen.officerKeys) return <DeskScreen screen={screen} keys={screen.officerKeys} />;
      return <ServingScreen screen={screen} busy={state.busy} />;
    case 'question':
      return <QuestionScreen screen={screen} state={state} />;
    case 'chips':
      return <ChipsScreen screen={screen} state={state} />;
    case 'private':
      return <PrivateScreen screen={screen} state={state} />;
    case 'pin':
      return <PinScreen screen={screen} state={state} />;
    case 'setup':
      return <SetupScreen line={setup} />;
    case 'thanks':
      return <OutcomeScreen screen={screen} canCorrect={screen.canCorrect} />;
    case 'cannot-store':
      return <OutcomeScreen screen={screen} canCorrect={false} />;
    default:
      return screen satisfies never;
  }
}

function shown(state: KioskState, setup: WindowLine): ReactNode {
  if (state.away) return <AwayScreen screen={state.screen} reason="away" />;
  if (state.screen === null) return <AwayScreen screen={null} reason="starting" />;
  if (state.screen.dark) return <DarkScreen />;
  if (state.listSinceMs !== null) return <LanguagesScreen screen={state.screen} />;
  return body(state, state.screen, setup);
}

/** What covers or is the screen, by name: for styles and tests. */
function nameOf({ away, screen, listSinceMs }: KioskState): string {
  if (away) return 'away';
  if (screen === null) return 'starting';
  if (screen.dark) return 'dark';
  return listSinceMs === null ? screen.name : 'languages';
}

interface AppProps {
  readonly kiosk: KioskStore;
  readonly blobs: KioskContext['blobs'];
  readonly setup: WindowLine;
}

export function App({ kiosk, blobs, setup }: AppProps): ReactNode {
  const state = useSyncExternalStore(kiosk.subscribe, kiosk.state);
  const { language, screen } = state;
  const further = screen?.languages?.join();
  const offered = useMemo(() => offeredLanguages(further?.split(',')), [further]);
  const context = useMemo<KioskContext>(
    () => ({ language, offered, text: catalogues[language].words, press: kiosk.dispatch, blobs }),
    [language, offered, kiosk, blobs],
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const name = nameOf(state);
  const pressPosition = useCallback(
    (position: number) => {
      if (screen?.name !== name) return;
      const press = crypto.randomUUID();
      if (screen.name === 'question') {
        const level = screen.question.levels[position - 1]?.key;
        if (level !== undefined) kiosk.dispatch({ type: 'tap', level, press });
      } else if (screen.name === 'chips') {
        const chip = screen.chips[position - 1]?.key;
        if (chip !== undefined) kiosk.dispatch({ type: 'chip', chip, press });
      }
    },
    [screen, name, kiosk],
  );
  const panel = useMemo(() => {
    const question = screen?.name === 'question' && name === 'question' ? screen.question : null;
    return {
      ...{ keys: screen?.panel?.wedge, asking: question !== null },
      press(button: number): void {
        const level = question?.levels[button - 1]?.key;
        if (level !== undefined)
          kiosk.dispatch({ type: 'tap', level, press: crypto.randomUUID(), wedge: button });
      },
    };
  }, [screen, name, kiosk]);
  useKeyboard(pressPosition, panel);
  // A new key for each thing asked: the focus of one answer must not stay on the next question.
  const shownNow = name === 'away' || name === 'languages' || name === 'dark' ? name : askOf(screen);
  return (
    <Kiosk value={context}>
      <div key={shownNow} className="kiosk" data-screen={name}>
        {shown(state, setup)}
      </div>
    </Kiosk>
  );
}
