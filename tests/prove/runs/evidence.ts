/*
 * Purpose: `npm run prove -- --only evidence`: a package of twenty seconds is forged in one way at a time, and each of the
 * three verifiers must find it: the command, the page in a browser, the printed commands. The untouched one is good.
 * In some the forger is the hub itself: what it changes under its own signature, the printed commands do not read.
 */
import { cpSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { hubOf, keyDigits, readHubKey } from '@hailong/shared/evidence/hub-key.ts';
import { sha256 } from '../../../hub-server/src/adapters/sha256.ts';
import { evidenceHub, makeFilm } from '../../support/evidence-hub.ts';
import { BY_HUB } from '../evidence/by-hub.ts';
import { filesOf, type HubSign, MUTATIONS, REMADE } from '../evidence/mutate.ts';
import { byCommand, byHand, CheckPage, guideOf } from '../evidence/verifiers.ts';
import { randomOf } from '../mutations/random.ts';
import type { ProveRun, StepContext } from '../run.ts';

interface Original extends AsyncDisposable {
  readonly folder: string;
  /** As the office has them on paper. */
  readonly digits: string;
  readonly commands: readonly string[];
  readonly page: CheckPage;
  readonly signAs: HubSign;
}

async function original({ folder }: StepContext): Promise<Original> {
  // It pauses within its fourth file.
  const film = await makeFilm(join(folder, 'film'), { seconds: 20, kbps: 300, silence: [13, 15.5] });
  await using hub = await evidenceHub(join(folder, 'hub'), {
    ...{ films: [film], missing: [2], servedMs: 1_000 },
    deleted: [{ camera: 0, index: 4, reason: 'expired' }],
  });
  const row = await hub.exportCase();
  if (row.folder === null) throw new Error(`${row.code} ${row.detail}`);
  const kept = join(folder, 'package');
  cpSync(row.folder, kept, { recursive: true });
  const key = readHubKey(readFileSync(join(kept, 'hub.pub'), 'utf8')) ?? '';
  const page = await CheckPage.open(join(kept, 'KIEM-TRA.html'));
  return {
    ...{ folder: kept, digits: keyDigits(hubOf(sha256, key)), commands: guideOf(kept), page },
    signAs: (bytes) => hub.kept.hub.keys.sign(bytes),
    [Symbol.asyncDispose]: () => page[Symbol.asyncDispose](),
  };
}

const kinds = [...Object.keys(MUTATIONS), ...Object.keys(BY_HUB)];

/** Hard links: what is forged is replaced, never written into. */
function copyOf(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  for (const path of filesOf(from)) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    linkSync(join(from, path), join(to, path));
  }
}

export const run: ProveRun = {
  title: {
    vi: 'Hồ sơ trích xuất bị sửa: cả ba cách kiểm tra phải phát hiện',
    en: 'Forged evidence packages: each of the three verifiers must find it',
  },
  unit: { vi: 'hồ sơ bị sửa', en: 'forged packages' },
  // Each kind once at least.
  ...{ full: 1_000, quick: kinds.length, workers: 2, chunk: 20 },
  watches: ['tests/prove/evidence', 'tests/support/evidence-hub.ts'],
  impossible: () => (findFfmpeg() === null ? { vi: 'không có ffmpeg', en: 'there is no ffmpeg here' } : null),
  async step(context, index) {
    const { folder, digits, commands, page, signAs } = await context.once('original', () =>
      original(context),
    );
    const random = randomOf(index + 1);
    const name = kinds[index % kinds.length]!;
    const byHub = BY_HUB[name];
    const forged = join(context.folder, 'forged');
    copyOf(folder, forged);
    if (index % 250 === 0) {
      const [command, shown, hand] = await Promise.all([
        byCommand(forged, '--hub-key', digits),
        page.judge(forged),
        byHand(forged, commands, digits),
      ]);
      if (command.code !== 0 || !shown.good || !hand)
        return { problem: `the untouched one is called bad: ${command.said} ${shown.text} ${hand}` };
    }
    const what = byHub ? await byHub.forge(forged, signAs) : await MUTATIONS[name]!(forged, random);
    const isRemade = name === REMADE;
    if (isRemade) {
      // Whoever compares no digits is told to; nothing else of it may give it away, or this would prove nothing of them.
      const bare = await byCommand(forged);
      if (bare.code !== 0 || !bare.said.includes('Chưa so khóa'))
        return { problem: `${name} (${what}) gives itself away: ${bare.said}` };
    }
    await page.page.locator('#key').fill(isRemade ? digits : '');
    const [command, shown, hand] = await Promise.all([
      byCommand(forged, ...(isRemade ? ['--hub-key', digits] : [])),
      page.judge(forged),
      byHand(forged, commands, digits),
    ]);
    const missed = [
      ...(command.code === 1 ? [] : [`the command (${command.code}: ${command.said})`]),
      ...(!shown.good && shown.codes.length > 0 ? [] : ['the page']),
      ...(hand && !byHub ? ['the printed commands'] : []),
      // It must differ in nothing else, or this would prove nothing of what is read.
      ...(!byHub || (hand && shown.codes.every((code) => code === byHub.code))
        ? []
        : [`${hand} ${shown.codes}`]),
      ...(page.complaints.length > 0 ? [`the page complains: ${page.complaints.join(' ')}`] : []),
    ];
    return missed.length > 0
      ? { problem: `${name} (${what}) was missed by ${missed.join(', ')}` }
      : { found: 1, tallies: { [name]: 1, 'by command': 1, 'by page': 1, 'by hand': byHub ? 0 : 1 } };
  },
  judge: ({ count, found }) => (found === count ? null : `${found} of ${count} found`),
  commonBar: false,
  says: {
    vi: '`found`: hồ sơ bị sửa mà cả ba cách đều phát hiện (của chính máy chủ làm giả: lệnh in chỉ đọc chữ ký và từng byte).',
    en: '`found`: forged packages that all three verifiers found (of those that the hub itself forges: command and page; the printed commands read signature and bytes alone).',
  },
};
