/*
 * Builds Electron's two files, one a run: `vite build --config vite.electron.config.ts --mode main|preload`. Two runs,
 * because a sandboxed preload may load no second file, so nothing may be shared between them by a chunk.
 */
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const preload = mode === 'preload';
  return {
    root: here('.'),
    build: {
      outDir: here('./dist/electron'),
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      lib: {
        entry: here(preload ? './preload/preload.ts' : './main/main.ts'),
        formats: [preload ? 'cjs' : 'es'],
        fileName: () => (preload ? 'preload.cjs' : 'main.mjs'),
      },
      rolldownOptions: { external: ['electron', /^node:/, ...builtinModules] },
    },
  };
});
