/**
 * `npm run fuses -w @hailong/kiosk-app -- PATH`: the packaging step that sets the fuses of an Electron binary, reads them
 * back and prints them. On macOS and Windows it comes before signing.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { FUSES, flipFuses, readFuses } from './fuses.ts';

const [path, ...more] = process.argv.slice(2);
if (path === undefined || more.length > 0) {
  process.stderr.write('npm run fuses -w @hailong/kiosk-app -- /…/electron\n');
  process.exit(2);
}
const binary = readFileSync(path);
const lacking = flipFuses(binary);
// Whole or not at all: a running Electron keeps the old file.
writeFileSync(`${path}.new`, binary, { mode: statSync(path).mode });
renameSync(`${path}.new`, path);
const held = readFuses(readFileSync(path));
process.stdout.write(`${JSON.stringify({ event: 'fuses', ...held, lacking })}\n`);
process.exit(
  Object.entries(FUSES).every(([name, on]) => [on, null].includes(held[name as keyof typeof held])) ? 0 : 1,
);
