/* Purpose: what a bundled program (built-programs.ts) said of its places, as places in the sources. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';

const PLACE = /(?:file:\/\/)?(\/\S+\/tests\/\.out\/programs\/\w+\/[\w.-]+\.js):(\d+)(?::(\d+))?/g;

const maps = new Map<string, SourceMap>();

function mapOf(file: string): SourceMap {
  const known = maps.get(file) ?? new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  maps.set(file, known);
  return known;
}

/** The text with `file:line:column` of the source wherever it names one of a bundle. */
export function inSources(text: string): string {
  return text.replaceAll(PLACE, (all, file: string, line: string, column = '1') => {
    const at = mapOf(file).findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in at)) return all;
    return `${resolve(dirname(file), at.originalSource)}:${at.originalLine + 1}:${at.originalColumn + 1}`;
  });
}
