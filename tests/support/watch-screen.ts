/* A window on a running kiosk without a browser: its newest screen, and touches. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import WebSocket from 'ws';
import type { Office } from './office.ts';
import { poll } from './poll.ts';

/** Open until `close`. */
export async function watchScreen(office: Pick<Office, 'kioskLine'>) {
  const ui = new URL(String((await office.kioskLine('ready'))['ui']));
  const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
  let shown: Screen | null = null;
  const token = ui.hash.replace('#token=', '');
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token })));
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { type: string; screen: Screen };
    if (message.type === 'screen') shown = message.screen;
  });
  return {
    send: (message: object) => socket.send(JSON.stringify(message)),
    get shown() {
      return shown;
    },
    on: <N extends Screen['name']>(name: N) =>
      poll(() => (shown?.name === name ? (shown as Extract<Screen, { name: N }>) : null), {
        ...{ what: `the screen ${name}` },
      }),
    close: () => socket.close(),
  };
}
