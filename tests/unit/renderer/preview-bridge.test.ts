/* The window in a page of the hub: takes screens of its parent and its own origin alone, sends touches back there. */
import { type AgentToWindow, agentToWindow } from '@hailong/shared/protocol/ui.ts';
import { expect, it } from 'vitest';
import {
  type FramedPage,
  isPreview,
  openPreviewBridge,
} from '../../../kiosk-app/renderer/bridge/preview-bridge.ts';

const ORIGIN = 'https://hub.example.vn';
const message = agentToWindow.parse({
  ...{ type: 'screen', revision: 1 },
  screen: {
    name: 'closed',
    office: { name: 'A', place: '' },
    counterNumber: '5',
    online: true,
    notice: null,
  },
});

function framed(search: string) {
  const sent: unknown[] = [];
  let hear: Parameters<FramedPage['addEventListener']>[1] = () => undefined;
  const parent = { postMessage: (data: unknown, origin: string) => sent.push([data, origin]) };
  const page: FramedPage = {
    ...{ parent, location: { origin: ORIGIN, search } },
    addEventListener: (_, listen) => {
      hear = listen;
    },
  };
  const say = (data: unknown, origin = ORIGIN, source: unknown = parent): void =>
    hear({ data, origin, source });
  return { page, sent, say };
}

it('says hello to its own origin, and shows what its parent there says', () => {
  const { page, sent, say } = framed('?preview');
  const shown: AgentToWindow[] = [];
  const bridge = openPreviewBridge(page);
  bridge.subscribe((each) => shown.push(each));
  expect(sent).toEqual([[{ hailongPreview: { type: 'hello', token: '' } }, ORIGIN]]);
  say({ hailongPreview: message });
  expect(shown).toEqual([message]);
  bridge.send({ type: 'citizen.open' });
  expect(sent.at(-1)).toEqual([{ hailongPreview: { type: 'citizen.open' } }, ORIGIN]);
  // Another origin, another window, and what is no message of the wire.
  say({ hailongPreview: message }, 'https://elsewhere.example');
  say({ hailongPreview: message }, ORIGIN, {});
  for (const data of [null, 'x', message, { hailongPreview: { type: 'nothing' } }]) say(data);
  expect(shown).toHaveLength(1);
});

it('is a preview only where it is asked for and inside another page', () => {
  const { page } = framed('?preview');
  expect(isPreview(page)).toBe(true);
  expect(isPreview(framed('').page)).toBe(false);
  const top = { location: page.location, parent: null as unknown };
  top.parent = top;
  expect(isPreview(top)).toBe(false);
});
