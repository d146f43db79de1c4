/*
 * Builds the set-up page of a panel as a page of its own, for "hailong-kiosk panel setup". The kiosk's window has the same page
 * as one of its screens, which the agent shows behind a PIN.
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
