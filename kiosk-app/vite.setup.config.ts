/*
 * Builds the set-up page of a panel, apart from the kiosk window: the window's gateway and Electron serve dist/renderer
 * alone, so that no citizen's screen ever reaches it.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('./renderer/setup'),
  base: './',
  plugins: [react()],
  build: {
    outDir: here('./dist/setup'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'chrome120',
  },
});
