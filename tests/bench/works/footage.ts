/*
 * Purpose: footage: what recording costs, where playback starts, how fast a clip is found and a package made. Each part is
 * a file of tests/bench/footage that exports a `work` of its own; helpers of a part lie in a folder beside it.
 */
import { readdirSync } from 'node:fs';
import type { Figure, Work } from '../figures.ts';

const folder = new URL('../footage/', import.meta.url);

export const work: Work = {
  async measure(options) {
    const figures: Figure[] = [];
    const parts = readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .sort();
    for (const part of parts) {
      const { work: measured } = (await import(new URL(part, folder).href)) as { work: Work };
      const say = (text: string) => options.say(`${part.slice(0, -'.ts'.length)}: ${text}`);
      figures.push(...(await measured.measure({ ...options, say })));
    }
    return figures;
  },
};
