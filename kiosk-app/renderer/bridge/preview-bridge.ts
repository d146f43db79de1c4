/**
 * The Bridge inside the hub's administration: the page around this window plays the agent, so that a form is seen as a citizen
 * will see it. Takes messages of its parent and its own origin only, parses each once, and knows no token and no agent.
 * Document: renderer/DESIGN.md; shared/src/protocol/preview.ts.
 */
import type { FromPreview } from '@hailong/shared/protocol/preview.ts';
import {
  type AgentToWindow,
  agentToWindow,
  type Bridge,
  type WindowToAgent,
} from '@hailong/shared/protocol/ui.ts';

interface Heard {
  readonly origin: string;
  readonly source: unknown;
  readonly data: unknown;
}
/** What it needs of a page. */
export interface FramedPage {
  readonly parent: { postMessage(message: unknown, origin: string): void };
  readonly location: { readonly origin: string; readonly search: string };
  addEventListener(kind: 'message', hear: (event: Heard) => void): void;
}

export const isPreview = (page: Pick<FramedPage, 'location'> & { readonly parent: unknown }): boolean =>
  page.parent !== page && new URLSearchParams(page.location.search).has('preview');

function parse(data: unknown): AgentToWindow | undefined {
  if (typeof data !== 'object' || data === null || !('hailongPreview' in data)) return undefined;
  return agentToWindow.safeParse(data.hailongPreview).data;
}

export function openPreviewBridge(page: FramedPage): Bridge {
  const { origin } = page.location;
  const receivers = new Set<(message: AgentToWindow) => void>();
  const send = (message: WindowToAgent): void =>
    page.parent.postMessage({ hailongPreview: message } satisfies FromPreview, origin);
  page.addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== page.parent) return;
    const message = parse(event.data);
    if (message) for (const receive of receivers) receive(message);
  });
  return {
    subscribe(receive) {
      receivers.add(receive);
      // The page around it answers with a screen.
      send({ type: 'hello', token: '' });
      return () => receivers.delete(receive);
    },
    send,
    onConnection(listen) {
      listen(true);
      return () => undefined;
    },
    photoUrl: (sha256) => `/api/v1/photos/${sha256}`,
    voiceUrl: () => '',
  };
}
