/**
 * Purpose: what a window says becomes an input of the counter; what an officer presses goes to the desk, and what is done on the
 *   set-up page to the set-up. Refuses: nothing; these judge.
 * Document: protocol/ui.ts.
 */
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import type { ScreenLight } from './darken-screen.ts';
import type { OfficerDesk } from './open-desk.ts';
import type { SetupRoom } from './open-setup.ts';
import type { FromWindow } from './ports.ts';
import type { CounterRunner } from './run-counter.ts';

export function hearWindow(
  runner: Pick<CounterRunner, 'feed'>,
  desk: Pick<OfficerDesk, 'hear'>,
  message: FromWindow,
  answer: (message: AgentToWindow) => void,
  light: Pick<ScreenLight, 'wake'>,
  room: Pick<SetupRoom, 'hear' | 'stir' | 'leave'>,
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
    case 'setup':
      room.hear(message.choice);
      return;
    case 'setup.stir':
      room.stir();
      return;
    case 'setup.leave':
      room.leave();
      return;
    case 'wake':
      light.wake();
      return;
  }
}
