/**
 * The page's sign of life, out of a frame that it is about to draw: a page that hangs, is hidden or is gone says nothing.
 * Every second, and at once when focus or size change. Document: kiosk-app/LOCK.md, "Who watches".
 */
import type { WindowToAgent } from '@hailong/shared/protocol/ui.ts';

const EVERY_MS = 1_000;

type Page = Pick<
  Window,
  'addEventListener' | 'setInterval' | 'requestAnimationFrame' | 'innerWidth' | 'innerHeight'
> & {
  readonly document: Pick<Document, 'hasFocus' | 'querySelector'>;
  readonly screen: Pick<Screen, 'width' | 'height'>;
};

export function keepBeating(page: Page, send: (message: WindowToAgent) => void): void {
  const beat = (): void => {
    send({
      type: 'beat',
      screen: page.document.querySelector('[data-screen]')?.getAttribute('data-screen') ?? '',
      focused: page.document.hasFocus(),
      width: page.innerWidth,
      height: page.innerHeight,
      displayWidth: page.screen.width,
      displayHeight: page.screen.height,
    });
  };
  let asked = false;
  const soon = (): void => {
    if (asked) return;
    asked = true;
    page.requestAnimationFrame(() => {
      asked = false;
      beat();
    });
  };
  page.setInterval(soon, EVERY_MS);
  for (const kind of ['focus', 'blur', 'resize'] as const) page.addEventListener(kind, soon);
  soon();
}
