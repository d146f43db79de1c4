/** Chooses the screen for the machine's state and joins it to keys, language and page. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import { type ReactNode, useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { Kiosk, type KioskContext } from './kiosk-context.ts';
import { askOf, type KioskState } from './kiosk-machine.ts';
import type { KioskStore } from './kiosk-store.ts';
import { AwayScreen } from './screens/away.tsx';
import { ClosedScreen } from './screens/closed.tsx';
import { OutcomeScreen } from './screens/outcome.tsx';
import { QuestionScreen } from './screens/question.tsx';
import { RestScreen } from './screens/rest.tsx';
import { ServingScreen } from './screens/serving.tsx';
import { catalogues } from './text/catalogues.ts';
import { useKeyboard } from './use-keyboard.ts';

function body(state: KioskState, screen: Screen): ReactNode {
  switch (screen.name) {
    case 'starting':
    // This window draws none of these three, and no agent of its build shows them.
    case 'chips':
    case 'private':
    case 'pin':
      return <AwayScreen screen={screen} reason="starting" />;
    case 'closed':
      return <ClosedScreen screen={screen} />;
    case 'rest':
      return <RestScreen screen={screen} />;
    case 'serving':
      return <ServingScreen screen={screen} busy={state.busy} />;
    case 'question':
      return <QuestionScreen screen={screen} state={state} />;
    case 'thanks':
      return <OutcomeScreen screen={screen} canCorrect={screen.canCorrect} />;
    case 'cannot-store':
      return <OutcomeScreen screen={screen} canCorrect={false} />;
    default:
      return screen satisfies never;
  }
}

function shown(state: KioskState): ReactNode {
  if (state.away) return <AwayScreen screen={state.screen} reason="away" />;
  if (state.screen === null) return <AwayScreen screen={null} reason="starting" />;
  return body(state, state.screen);
}

export function App({
  kiosk,
  photoUrl,
}: {
  kiosk: KioskStore;
  photoUrl: KioskContext['photoUrl'];
}): ReactNode {
  const state = useSyncExternalStore(kiosk.subscribe, kiosk.state);
  const { language, screen } = state;
  const context = useMemo<KioskContext>(
    () => ({ language, text: catalogues[language], press: kiosk.dispatch, photoUrl }),
    [language, kiosk, photoUrl],
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const levels = screen?.name === 'question' ? screen.question.levels : undefined;
  const pressPosition = useCallback(
    (position: number) => {
      const level = levels?.[position - 1]?.key;
      if (level !== undefined) kiosk.dispatch({ type: 'tap', level, press: crypto.randomUUID() });
    },
    [levels, kiosk],
  );
  useKeyboard(pressPosition);
  // A new key for each thing asked: the focus of one answer must not stay on the next question.
  const shownNow = state.away ? 'away' : askOf(screen);
  return (
    <Kiosk value={context}>
      <div key={shownNow} className="kiosk" data-screen={state.away ? 'away' : (screen?.name ?? 'starting')}>
        {shown(state)}
      </div>
    </Kiosk>
  );
}
