/*
 * Builds KIEM-TRA.html: the verifier of evidence packages as one file that opens from a folder, without a network. Script
 * and style are inlined and named by their hashes in a content policy that allows nothing else.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

process.env['NODE_ENV'] = 'production';
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

function oneFile(): Plugin {
  return {
    name: 'one-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      let script = '';
      for (const [name, output] of Object.entries(bundle)) {
        if (output.type === 'chunk') script += output.code;
        delete bundle[name];
      }
      // A text in the script must not end it.
      script = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--').trim();
      const style = readFileSync(here('./web/check/check.css'), 'utf8').trim();
      const policy = [
        ...["default-src 'none'", `script-src ${hashOf(script)}`, `style-src ${hashOf(style)}`],
        ...["base-uri 'none'", "form-action 'none'"],
      ].join('; ');
      const page = readFileSync(here('./web/check/check.html'), 'utf8')
        .replace('<!--policy-->', () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
        .replace('<!--style-->', () => `<style>${style}</style>`)
        .replace('<!--script-->', () => `<script>${script}</script>`);
      this.emitFile({ type: 'asset', fileName: 'KIEM-TRA.html', source: page });
    },
  };
}

export default defineConfig({
  root: here('./web/check'),
  plugins: [oneFile()],
  build: {
    outDir: here('./dist/check'),
    emptyOutDir: true,
    modulePreload: false,
    // Offices keep old machines: nothing newer than what Chrome 103, Edge 103 and Firefox 102 know.
    target: 'es2022',
    lib: { entry: here('./web/check/check.ts'), formats: ['iife'], name: 'check' },
  },
});
