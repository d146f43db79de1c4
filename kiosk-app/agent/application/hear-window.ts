/**
 * Purpose: what a window says becomes an input of the counter, and what an officer presses goes to the desk.
 * Refuses: nothing; the counter and the desk judge.
 * Document: protocol/ui.ts.
 */
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import type { ScreenLight } from './darken-screen.ts';
import type { OfficerDesk } from './open-desk.ts';
import type { FromWindow } from './ports.ts';
import type { CounterRunner } from './run-counter.ts';

export function hearWindow(
  runner: Pick<CounterRunner, 'feed'>,
  desk: Pick<OfficerDesk, 'hear'>,
  message: FromWindow,
  answer: (message: AgentToWindow) => void,
  light: Pick<ScreenLight, 'wake'>,
): void {
  switch (message.type) {
    case 'tap':
    case 'skip':
    case 'correct':
    case 'citizen.open':
    case 'private':
    case 'chips':
    case 'walkup':
      runner.feed(message, answer);
      return;
    case 'officer.ask':
    case 'officer.login':
    case 'officer.act':
    case 'officer.lock':
      desk.hear(message);
      return;
    case 'wake':
      light.wake();
      return;
  }
}
