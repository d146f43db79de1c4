/*
 * Stands where `electron` would be imported in a test. The real package outside Electron starts a download, so a test
 * gives its own fake: `vi.mock('electron', () => ({ app: …, BrowserWindow: … }))`. Without one it stops here.
 */
throw new Error('A test imported electron without a fake: use vi.mock("electron", () => ({ … })).');
