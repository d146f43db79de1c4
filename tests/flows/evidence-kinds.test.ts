/*
 * Packages of what is not the ordinary case: a complaint without a transaction, an HEVC camera, a camera that was moved to another
 * counter, called otherwise and set to another size within the window, and names that would break out of folder, header, paper or page
 * if anything took them for more than text. The three verifiers accept each as it is, and refuse it forged.
 */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type PackageManifest, packageManifest } from '@hailong/shared/evidence/manifest.ts';
import { isPackagePath } from '@hailong/shared/evidence/package-files.ts';
import type { ArchiveAddress } from '@hailong/shared/protocol/evidence.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, MUTATIONS, REMADE } from '../prove/evidence/mutate.ts';
import { byCommand, byHand, type CheckPage, guideOf, openWritten } from '../prove/evidence/verifiers.ts';
import { randomOf } from '../prove/mutations/random.ts';
import { type EvidenceHub, evidenceHub, joinFilms, makeFilm } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';
import { StationClient } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const here = await hasFfmpeg();

const MARKUP = '<img src=x onerror=document.title=1>';
const NAMES = {
  office: `Phường ${MARKUP}`,
  inspector: '../../etc/passwd',
  second: '"; filename="x.exe\r\nSet-Cookie: a=b',
  camera: `../${MARKUP} \u202Egpj.exe`,
  documentNumber: '..\\..\\45/QĐ-VP (javascript:alert(1))',
  purpose: `${MARKUP}</script><script>document.title=2</script>\n) Tj /URI (file:///etc/passwd)`,
};

let folder: TempFolder;
let hub: EvidenceHub;
let page: CheckPage;
let kept: string;
let digits: string;
let manifest: PackageManifest;

beforeAll(async () => {
  if (!here) return;
  folder = await tempFolder('evidence-kinds');
  const film = (name: string, options: Parameters<typeof makeFilm>[1]) =>
    makeFilm(`${folder.path}/${name}`, options);
  const [hevc, small, large] = [
    await film('hevc', { seconds: 28, kbps: 300, codec: 'hevc' }),
    await film('small', { seconds: 12, kbps: 300 }),
    await film('large', { seconds: 16, kbps: 300, size: '480x360', hue: 90 }),
  ];
  hub = await evidenceHub(`${folder.path}/data`, {
    films: [hevc, joinFilms(small, large), await film('moved', { seconds: 28, kbps: 300, hue: 180 })],
    interval: { beforeMs: 12_000, afterMs: 9_000 },
    deleted: [{ camera: 0, index: 3, reason: 'budget-unreported' }],
    moved: { camera: 2, afterMs: 1_000, name: 'Camera cửa sau' },
    names: NAMES,
  });
  ({ kept, digits, manifest, page } = await openWritten(await hub.exportCase()));
}, 120_000);
afterAll(async () => {
  await page?.[Symbol.asyncDispose]();
  await hub?.close();
  await folder?.remove();
});

describe.skipIf(!here)('a package of other kinds', () => {
  it('is of an interval: no transaction, no chain, no clock of a kiosk, and it says so', async () => {
    expect(manifest).toMatchObject({
      ...{ transaction: null, kioskBoundMs: null },
      asked: { from: hub.openedAt - 12_000, to: hub.openedAt + 9_000 },
    });
    expect(manifest.notProven).toContain('no-rating');
    // HEVC, and a camera that was set otherwise, play picture by picture as their masters do.
    expect(manifest.notProven).not.toContain('copy-unread');
    expect(manifest.notProven).not.toContain('kiosk-unplaced');
    const { stdout } = await run('pdftotext', [join(kept, 'BIEN-BAN.pdf'), '-']);
    expect(stdout).not.toContain('đồng hồ tại quầy');
    expect(JSON.parse(readFileSync(join(kept, 'rating/chain.json'), 'utf8'))).toMatchObject({
      stretches: [],
    });
  });

  it('holds an HEVC camera bit for bit, joined and not encoded again', async () => {
    const [copy] = manifest.cameras.find(({ working }) => working[0]?.codec === 'hevc')?.working ?? [];
    expect(copy).toMatchObject({ codec: 'hevc' });
    expect(copy?.streamHash.masters).toBe(copy?.streamHash.working);
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=codec_name,codec_tag_string'],
      ...['-of', 'csv=p=0', join(kept, copy?.path ?? '')],
    ]);
    expect(stdout.trim()).toBe('hevc,hvc1');
  });

  it('keeps sizes apart in copies of their own', () => {
    const copies = manifest.cameras.map(({ working }) => working.length).sort();
    expect(copies).toEqual([1, 1, 2]);
  });

  it('says that a camera that was moved saw the counter no longer, under the name it has now', () => {
    const moved = manifest.cameras.find(({ name }) => name === 'Camera cửa sau');
    expect(moved).toMatchObject({ state: 'partial', gaps: [{ reason: 'not-configured' }] });
    expect(moved?.gaps[0]?.to).toBe(manifest.asked.to);
    // Whole masters: the last one runs over the moment by less than one of them.
    expect(moved?.gaps[0]?.from).toBeGreaterThanOrEqual(hub.openedAt + 1_000);
    expect(moved?.gaps[0]?.from).toBeLessThanOrEqual(hub.openedAt + 6_000);
  });

  it('is good for all three verifiers', async () => {
    expect(await byCommand(kept, '--hub-key', digits)).toMatchObject({ code: 0 });
    expect(await byHand(kept, guideOf(kept), digits)).toBe(true);
    expect(await page.judge(kept)).toMatchObject({ good: true, codes: [] });
  });

  it.each(['byte', 'cut', 'drop', 'swap', 'edited gap', 'edited deletion', 'foreign key', REMADE])(
    'forged by %s is refused by each',
    async (name) => {
      const forged = join(folder.path, 'forged');
      rmSync(forged, { recursive: true, force: true });
      cpSync(kept, forged, { recursive: true });
      const what = await MUTATIONS[name]!(forged, randomOf(7));
      expect(await byCommand(forged, '--hub-key', digits), what).toMatchObject({ code: 1 });
      expect(await byHand(forged, guideOf(kept), digits), what).toBe(false);
      await page.page.locator('#key').fill(digits);
      expect(await page.judge(forged), what).toMatchObject({ good: false });
      await page.page.locator('#key').fill('');
    },
  );
});

describe.skipIf(!here)('a package of a service whose end nobody recorded', () => {
  it('ends four hours after its opening, says so on paper, and is good for all three verifiers', async () => {
    const film = await makeFilm(`${folder.path}/dead`, { seconds: 28, kbps: 300 });
    await using dead = await evidenceHub(`${folder.path}/dead-data`, { films: [film], unfinished: true });
    const row = await dead.exportCase();
    if (row.folder === null) throw new Error(`${row.code} ${row.detail}`);
    const told = packageManifest.parse(JSON.parse(readFileSync(join(row.folder, 'manifest.json'), 'utf8')));
    expect(told.transaction).toMatchObject({ openedAt: expect.closeTo(dead.openedAt, -3), finishedAt: null });
    expect(told.asked.to - (told.transaction?.openedAt ?? 0)).toBe(
      4 * 3_600_000 + 10_000 + (told.kioskBoundMs ?? 0),
    );
    expect(told.notProven).toContain('end-unknown');
    expect(told.notProven).not.toContain('begin-unknown');
    const { stdout } = await run('pdftotext', ['-layout', join(row.folder, 'BIEN-BAN.pdf'), '-']);
    expect(stdout.replace(/\s+/g, ' ')).toContain('chưa rõ lúc kết thúc');
    expect(stdout.replace(/\s+/g, ' ')).toContain('Không có ghi nhận lúc kết thúc lượt phục vụ');
    const own = String(JSON.parse((await byCommand(row.folder, '--json')).out)['keyDigits']);
    expect(await byCommand(row.folder, '--hub-key', own)).toMatchObject({ code: 0 });
    expect(await byHand(row.folder, guideOf(row.folder), own)).toBe(true);
    const shown = await page.judge(row.folder);
    expect(shown).toMatchObject({ good: true, codes: [] });
    expect(shown.text).toContain('chưa rõ lúc kết thúc');
  });
});

describe.skipIf(!here)('names that are more than names', () => {
  it('stay out of every path', () => {
    expect(basename(kept)).toMatch(/^KN-\d{4}-\d{4}-[0-9a-f-]{36}$/);
    expect(readdirSync(join(folder.path, 'data/evidence'))).toEqual([basename(kept)]);
    for (const path of filesOf(kept)) expect(isPackagePath(path), path).toBe(true);
    expect(existsSync(join(folder.path, 'etc'))).toBe(false);
  });

  it('are text on the paper, and no action of it', async () => {
    const paper = join(kept, 'BIEN-BAN.pdf');
    const { stdout } = await run('pdftotext', ['-layout', paper, '-']);
    const text = stdout.replace(/\s+/g, ' ');
    for (const part of [MARKUP, '../../etc/passwd', 'filename="x.exe', '..\\..\\45/QĐ-VP'])
      expect(text).toContain(part);
    // Nothing turns the order of what is read around.
    expect(text).not.toContain('\u202E');
    const raw = readFileSync(paper, 'latin1');
    expect(raw).not.toMatch(/\/(URI|JS|JavaScript|Launch|AA|OpenAction|EmbeddedFile|SubmitForm)\b/);
  });

  it('are text on the page, which runs nothing and reaches nothing', async () => {
    const shown = await page.judge(kept);
    expect(shown.text).toContain(MARKUP);
    expect(shown.text).toContain('../../etc/passwd');
    const count = (what: string) => page.page.locator(`#result ${what}`).count();
    expect([await count('img'), await count('script'), await count('a')]).toEqual([0, 0, 0]);
    expect(await page.page.title()).toBe('Kiểm tra hồ sơ trích xuất');
    expect(page.complaints).toEqual([]);
  });

  it('are not in the printed instructions, whose commands a shell runs', () => {
    const guide = readFileSync(join(kept, 'HUONG-DAN-KIEM-TRA.txt'), 'utf8');
    for (const name of Object.values(NAMES)) expect(guide).not.toContain(name.slice(0, 12));
  });

  it('are not in the header under which it is fetched, which goes on where a line broke', async () => {
    await hub.close();
    await using program = startProgram(
      hubBin,
      ['serve', '--data', `${folder.path}/data`, '--port', '0', '--json'],
      {
        env: { HAILONG_CAMERAS: 'off' },
      },
    );
    const inspector = new StationClient(String((await program.line('listening'))['url']));
    await inspector.call('POST', '/api/v1/session', {
      username: 'thanhtra',
      password: 'mat-khau-thu-nghiem',
    });
    const id = basename(kept).slice(-36);
    const { body } = await inspector.call<ArchiveAddress>('POST', `/api/v1/packages/${id}/address`, {});
    const { cookie } = inspector.credentials();
    const get = (range: string) =>
      fetch(`${inspector.base}${body.url}`, { headers: { cookie, range } }).then(async (answer) => ({
        answer,
        bytes: Buffer.from(await answer.arrayBuffer()),
      }));
    const { answer, bytes } = await get('bytes=0-999');
    const name = `${basename(kept)}.zip`;
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="${name}"; filename*=UTF-8''${name}`,
    );
    expect(answer.headers.get('set-cookie')).toBeNull();
    // Cut anywhere and gone on with: the same bytes, under the same mark.
    const total = Number(answer.headers.get('content-range')?.split('/')[1]);
    const rest = await get('bytes=1000-');
    expect([rest.answer.status, rest.bytes.length]).toEqual([206, total - 1_000]);
    expect(rest.answer.headers.get('etag')).toBe(answer.headers.get('etag'));
    const middle = await get('bytes=900-1099');
    expect(middle.bytes).toEqual(Buffer.concat([bytes.subarray(900), rest.bytes.subarray(0, 100)]));
  });
});
