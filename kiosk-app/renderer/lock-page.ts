/** What a browser offers and a kiosk must not: menus, dragging, zoom by wheel, pinch or keys. */
const ZOOM_KEYS = new Set(['+', '-', '=', '0']);

export function lockPage(page: Document): void {
  const refuse = (event: Event): void => event.preventDefault();
  for (const kind of ['contextmenu', 'dragstart', 'selectstart', 'gesturestart'])
    page.addEventListener(kind, refuse);
  page.addEventListener('wheel', refuse, { passive: false });
  page.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && ZOOM_KEYS.has(event.key)) event.preventDefault();
  });
}
