/**
 * Purpose: the roster in a file of its own beside the database: names that the hub takes off must be gone from this
 *   machine, and SQLite keeps what it deleted in free pages and its log.
 * Refuses: a file that does not fit its checksum; it counts as absent, and nobody can log in until the hub is back.
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { KeptFile } from '../application/ports.ts';
import { partOf, replaceFile } from './replace-file.ts';

const sumOf = (json: string): string => createHash('sha256').update(json).digest('hex');

/** On a disk that takes nothing at all nothing can be removed either; the agent does not start on it. */
function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // As above.
  }
}

export function rosterFile(file: string): KeptFile {
  return {
    read() {
      try {
        const [json, sum] = readFileSync(file, 'utf8').split('\n');
        return json !== undefined && sum === sumOf(json) ? (JSON.parse(json) as unknown) : null;
      } catch {
        return null;
      }
    },
    write(value) {
      const json = JSON.stringify(value);
      try {
        replaceFile(file, `${json}\n${sumOf(json)}\n`);
        return true;
      } catch {
        removeFile(partOf(file));
        return false;
      }
    },
    remove: () => removeFile(file),
  };
}
