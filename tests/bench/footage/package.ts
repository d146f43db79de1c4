/*
 * Purpose: what an evidence package of five minutes takes, from the second person's word to the folder that is durable, beside
 * what cannot be left out: cp of the masters, one bare ffmpeg that joins them with faststart, the stream hash of masters and
 * clip, sha256sum of all files, fsync. Both by turns in one run, on the same files.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EvidenceHub, evidenceHub, makeFilm } from '../../support/evidence-hub.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { figure, percentile, type Work } from '../figures.ts';

const run = promisify(execFile);
const FULL = {
  film: { seconds: 20, size: '1920x1080', kbps: 4_000, loops: 16 },
  servedMs: 270_000,
  turns: 5,
};
const QUICK = { film: { seconds: 20, size: '320x240', kbps: 300, loops: 1 }, servedMs: 1_000, turns: 1 };
const RATIO_MAX = 1.5;

const BARE = `set -e
mkdir masters
cp -t masters "$@"
ff() { ffmpeg -hide_banner -nostats -loglevel error -nostdin "$@"; }
ff -f concat -safe 0 -i list.ffconcat -map 0:v:0 -c copy -movflags +faststart clip.mp4
ff -f concat -safe 0 -i list.ffconcat -map 0:v:0 -c copy -bsf:v h264_mp4toannexb -f streamhash -hash sha256 masters.hash
ff -i clip.mp4 -map 0:v:0 -c copy -bsf:v h264_mp4toannexb -f streamhash -hash sha256 clip.hash
sha256sum masters/* clip.mp4 > SHA256SUMS
sync masters/* clip.mp4 SHA256SUMS masters .
`;

async function bare(folder: string, hub: EvidenceHub, count: number): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const files = (hub.segments[0] ?? []).slice(0, count).map((file) => join(hub.footageRoot, file));
  const list = files.map(
    (file) => `file '${join(folder, 'masters', file.slice(file.lastIndexOf('/') + 1))}'`,
  );
  writeFileSync(join(folder, 'list.ffconcat'), ['ffconcat version 1.0', ...list, ''].join('\n'));
  const started = performance.now();
  await run('/bin/sh', ['-c', BARE, 'bare', ...files], { cwd: folder });
  return performance.now() - started;
}

export const work: Work = {
  async measure({ quick, say }) {
    const amounts = quick ? QUICK : FULL;
    await using folder = await tempFolder('bench-package');
    const film = await makeFilm(join(folder.path, 'film'), amounts.film);
    await using hub = await evidenceHub(join(folder.path, 'hub'), {
      films: [film],
      servedMs: amounts.servedMs,
    });
    const ours: number[] = [];
    const theirs: number[] = [];
    let masters = 0;
    // The first turn warms both and is not counted.
    for (let turn = -1; turn < amounts.turns; turn++) {
      const started = performance.now();
      const row = await hub.exportCase(`lần ${turn + 2}`);
      const ms = performance.now() - started;
      if (row.folder === null) throw new Error(`${row.code}: ${row.detail}`);
      masters = hub.mastersOf(row);
      rmSync(row.folder, { recursive: true });
      const bareMs = await bare(join(folder.path, 'bare'), hub, masters);
      if (turn >= 0) {
        ours.push(ms);
        theirs.push(bareMs);
      }
      say(`${masters} segments: ${Math.round(ms)} ms beside ${Math.round(bareMs)} ms`);
    }
    return [
      figure(
        { work: 'footage package', unit: 's', beside: 'cp, ffmpeg, stream hashes, sha256sum, sync' },
        { value: percentile(ours, 0.5) / 1_000, besideValue: percentile(theirs, 0.5) / 1_000 },
        { of: 'ratio', is: '<=', limit: RATIO_MAX },
      ),
    ];
  },
};
