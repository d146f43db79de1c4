/*
 * Builds the hub's screens, one page a place of work: a folder of web/ with an index.html is a page of its own, and
 * what pages share becomes a shared chunk. Nothing is inlined as data: addresses, so the content policy can forbid
 * them. The hub serves dist/web at its root.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// A test runner's NODE_ENV must not put the development build of React into what the hub serves.
process.env['NODE_ENV'] = 'production';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const web = here('./web');
const pages = readdirSync(web).filter((name) => existsSync(`${web}/${name}/index.html`));

export default defineConfig({
  root: web,
  base: '/',
  plugins: [react()],
  build: {
    outDir: here('./dist/web'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: { input: Object.fromEntries(pages.map((name) => [name, `${web}/${name}/index.html`])) },
  },
});
