/*
 * An evidence package from the case to the verifier's desk: asked by one inspector, approved by the other, written, fetched
 * in pieces, carried by the command, judged by command, page and hand; hostile packages refused; killed half-way nothing
 * that looks whole is left. Real footage, real processes, a real browser.
 */
import { execFile } from 'node:child_process';
import { createHash, hash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { packageManifest, packageTimeline } from '@hailong/shared/evidence/manifest.ts';
import { formatSums, readSums } from '@hailong/shared/evidence/sums.ts';
import { type PackageSource, verifyPackage } from '@hailong/shared/evidence/verify-package.ts';
import type { ArchiveAddress, PackageList } from '@hailong/shared/protocol/evidence.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderSource } from '../../hub-server/src/adapters/evidence/folder-source.ts';
import { verifySignature } from '../../hub-server/src/adapters/keys.ts';
import { sha256 } from '../../hub-server/src/adapters/sha256.ts';
import { openWriter } from '../../hub-server/src/adapters/sqlite/open-database.ts';
import type { EvidenceRow } from '../../hub-server/src/application/ports/evidence.ts';
import { DELETION_EDITS, editDeletion, MUTATIONS, REMADE, refit } from '../prove/evidence/mutate.ts';
import { byCommand, byHand, CheckPage, guideOf } from '../prove/evidence/verifiers.ts';
import { randomOf } from '../prove/mutations/random.ts';
import { type EvidenceHub, evidenceHub, type Film, makeFilm } from '../support/evidence-hub.ts';
import { hasFfmpeg } from '../support/fixture-clip.ts';
import { StationClient } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);
const here = await hasFfmpeg();
const TOKEN_NAME = 'lệnh trên máy của Hạnh';

let folder: TempFolder;
let hub: EvidenceHub;
let film: Film;
let row: EvidenceRow;
let digits: string;
let kept: string;

beforeAll(async () => {
  if (!here) return;
  folder = await tempFolder('evidence');
  film = await makeFilm(`${folder.path}/film`, { seconds: 28, kbps: 300 });
  const other = await makeFilm(`${folder.path}/other`, { seconds: 16, kbps: 300, hue: 90 });
  hub = await evidenceHub(`${folder.path}/data`, {
    ...{ films: [film, other], missing: [3] },
    deleted: [
      { camera: 0, index: 5, reason: 'expired' },
      { camera: 1, index: 1, reason: 'lost', by: 'user:thanhtra2' },
    ],
  });
  row = await hub.exportCase();
  kept = row.folder ?? '';
  digits = String(JSON.parse((await byCommand(kept, '--json')).out)['keyDigits']);
}, 120_000);
afterAll(async () => {
  await hub?.close();
  await folder?.remove();
});

const copy = (): string => {
  const to = join(folder.path, `copy-${randomUUID()}`);
  cpSync(kept, to, { recursive: true });
  return to;
};

describe.skipIf(!here)('a package', () => {
  it('states what was asked, delivered and missing, and holds the masters bit for bit', () => {
    expect(row).toMatchObject({ state: 'ready', code: null });
    const manifest = packageManifest.parse(JSON.parse(readFileSync(join(kept, 'manifest.json'), 'utf8')));
    const timeline = packageTimeline.parse(JSON.parse(readFileSync(join(kept, 'timeline.json'), 'utf8')));
    expect(manifest.requestedBy.name).toBe('Nguyễn Thị Hạnh');
    expect(manifest.approvedBy.name).toBe('Đỗ Quang Huy');
    const db = new Database(join(folder.path, 'data', 'hub.sqlite'), { readonly: true });
    const shown = db
      .prepare('SELECT camera_id, from_at, to_at FROM evidence_camera WHERE package_id = ?')
      .raw()
      .all(row.id);
    db.close();
    // What whoever takes it has watched.
    const { from, to } = manifest.asked;
    expect(shown).toEqual(manifest.cameras.map(({ id }) => [id, from, to]).sort());
    const [first, second] = manifest.cameras;
    expect(first?.gaps.map(({ reason }) => reason)).toContain('camera-down');
    // The second one's film ends before the window does.
    expect(second?.gaps.at(-1)?.reason).toBe('unknown');
    for (const each of timeline.segments) {
      const source = hub.segments
        .flat()
        .find((file) => file.startsWith(each.camera) && isSame(each.path, file));
      expect(source, each.path).toBeDefined();
    }
    const copied = first?.working[0];
    expect(copied?.streamHash.masters).toBe(copied?.streamHash.working);
    expect(copied?.playFrom).toBeGreaterThan(0);
  });
  const isSame = (path: string, file: string): boolean =>
    readFileSync(join(kept, path)).equals(readFileSync(join(hub.footageRoot, file)));

  it('says of deleted footage by which rule or whom and when, as its log committed to it', async () => {
    const manifest = packageManifest.parse(JSON.parse(readFileSync(join(kept, 'manifest.json'), 'utf8')));
    const gaps = manifest.cameras.flatMap((camera) => camera.gaps.filter(({ deletion }) => deletion));
    expect(gaps).toMatchObject([
      { reason: 'expired', deletion: { by: null, segments: [expect.any(String)] } },
      {
        reason: 'deleted-lost',
        deletion: { by: { actor: 'user:thanhtra2', name: 'Đỗ Quang Huy', roles: ['inspector'] } },
      },
    ]);
    expect(manifest.notProven).not.toContain('deletion-unlogged');
    const { cameras } = JSON.parse((await byCommand(kept, '--json')).out) as { cameras: unknown };
    expect(cameras).toMatchObject([{ gaps: expect.arrayContaining([gaps[0]]) }, {}]);
    const paper = (await run('pdftotext', [join(kept, 'BIEN-BAN.pdf'), '-'])).stdout.replace(/\s+/g, ' ');
    expect(paper).toContain('đã xóa: hết hạn lưu; máy chủ xóa theo quy tắc lúc');
    expect(paper).toContain('Đỗ Quang Huy, Người xác minh, user:thanhtra2 ghi nhận lúc');
  });

  it('is refused where why, by whom or when footage went was edited; signed again by its own hub, the log contradicts it', async () => {
    const { keys } = hub.kept.hub;
    for (let how = 0; how < DELETION_EDITS; how++) {
      const forged = copy();
      const what = editDeletion(forged, how);
      const sums = refit(forged);
      expect(await byCommand(forged), what).toMatchObject({ code: 1 });
      expect(await byHand(forged, guideOf(kept), digits), what).toBe(false);
      writeFileSync(join(forged, 'SHA256SUMS.sig'), Buffer.from(keys.sign(Buffer.from(sums)), 'base64url'));
      const { code, said } = await byCommand(forged, '--hub-key', digits);
      expect(code, what).toBe(1);
      // The log lists what the gap does not name any more.
      expect(said, what).toContain(
        what === 'a camera that was down' ? '[audit.omitted]' : '[audit.deletion]',
      );
    }
  });

  it('is written anew where the hub was ended between its name and its row', async () => {
    const { admin } = hub.kept.hub;
    const db = openWriter(`${folder.path}/data`);
    try {
      const set = db.prepare("UPDATE evidence_package SET state = 'waiting' WHERE id = ?");
      const written = db.prepare('SELECT folder, package_hash FROM evidence_package WHERE id = ?');
      const before = written.get(row.id);
      set.run(row.id);
      await admin.evidence.makeAll();
      const again = await hub.kept.hub.storage.evidence.package({ id: row.id, at: Date.now() });
      expect(again).toMatchObject({ state: 'ready', code: null });
      row = again ?? row;
      expect(written.get(row.id)).not.toEqual(before);
      expect(await byCommand(kept)).toMatchObject({ code: 0 });
    } finally {
      db.close();
    }
  });

  it('joins all masters of a camera in one copy, whatever their bit rates', () => {
    const copies = readdirSync(join(kept, 'media/working')).sort();
    expect(copies).toEqual(['camera-1-copy-1.mp4', 'camera-2-copy-1.mp4']);
  });

  it('plays from its first frame to its last in one faststart file', async () => {
    const file = join(kept, 'media/working/camera-1-copy-1.mp4');
    const { stdout } = await run('ffprobe', [
      ...[
        '-v',
        'error',
        '-select_streams',
        'v:0',
        '-count_packets',
        '-show_entries',
        'stream=nb_read_packets',
        '-of',
        'csv=p=0',
      ],
      file,
    ]);
    const frames = (path: string) =>
      run('ffprobe', [
        ...[
          '-v',
          'error',
          '-select_streams',
          'v:0',
          '-count_packets',
          '-show_entries',
          'stream=nb_read_packets',
          '-of',
          'csv=p=0',
        ],
        path,
      ]).then((answer) => Number(answer.stdout));
    const masters = readdirSync(join(kept, 'media/master')).filter((name) => name.startsWith('camera-1-'));
    const sum = (await Promise.all(masters.map((name) => frames(join(kept, 'media/master', name))))).reduce(
      (a, b) => a + b,
      0,
    );
    expect(Number(stdout)).toBe(sum);
    const bytes = readFileSync(file);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  it('is good for all three verifiers, by the printed digits', async () => {
    expect(await byCommand(kept, '--hub-key', digits)).toMatchObject({ code: 0 });
    expect(await byCommand(kept, '--hub-key', join(kept, 'hub.pub'))).toMatchObject({ code: 0 });
    expect(await byCommand(kept, '--hub-key', '0'.repeat(32))).toMatchObject({ code: 1 });
    expect(await byCommand(kept, '--hub-key', 'x')).toMatchObject({ code: 2 });
    expect(await byHand(kept, guideOf(kept), digits)).toBe(true);
  });

  it('is judged by the bytes that were hashed, whatever its store shows the second time', async () => {
    const parts = { sha256, newHash: () => createHash('sha256'), verify: verifySignature };
    const honest = folderSource(kept);
    const asked = new Map<string, number>();
    const twoFaced = (lie: (bytes: Uint8Array) => Uint8Array): PackageSource => ({
      list: () => honest.list(),
      read: (path, piece) => {
        const times = (asked.get(path) ?? 0) + 1;
        asked.set(path, times);
        return honest.read(path, (bytes) => piece(times === 1 ? bytes : lie(bytes)));
      },
    });
    const lied = await verifyPackage(
      twoFaced((bytes) => bytes.map((byte) => byte ^ 1)),
      parts,
      null,
    );
    expect([...asked].filter(([path, times]) => times > 1 && !path.endsWith('.mp4'))).toEqual([]);
    expect(lied.findings.map(({ code }) => code)).toContain('file.hash');
    expect(lied.findings.filter(({ where }) => !where.endsWith('.mp4'))).toEqual([]);
  });

  it('made again whole under another key is found by the printed digits, and by nothing else', async () => {
    const forged = copy();
    await MUTATIONS[REMADE]!(forged, randomOf(3));
    const bare = await byCommand(forged);
    expect(bare.code, bare.said).toBe(0);
    expect(bare.said).toContain('Chưa so khóa');
    const compared = await byCommand(forged, '--hub-key', digits);
    expect(compared).toMatchObject({ code: 1, said: expect.stringContaining('[key.other]') });
    expect(await byHand(forged, guideOf(kept), digits)).toBe(false);
  });

  it('is refused with what is wrong when a stranger made it', async () => {
    const forged = copy();
    symlinkSync('/etc/passwd', join(forged, 'media/master/link.mp4'));
    expect((await byCommand(forged)).said).toContain('[package.link]');
    rmSync(join(forged, 'media/master/link.mp4'));
    // Its own bytes, but elsewhere: whoever carries the folder on loses them.
    const [master = ''] = readdirSync(join(kept, 'media/master'));
    const linked = copy();
    rmSync(join(linked, 'media/master', master));
    symlinkSync(join(kept, 'media/master', master), join(linked, 'media/master', master));
    expect((await byCommand(linked)).said).toContain('[package.link]');
    expect(await byHand(linked, guideOf(kept), digits)).toBe(false);
    symlinkSync(join(kept, 'media'), join(forged, 'more'));
    expect(await byHand(forged, guideOf(kept), digits)).toBe(false);
    rmSync(join(forged, 'more'));
    const markup = '<img src=x onerror=alert(1)>';
    writeFileSync(join(forged, markup), 'x');
    const named = await byCommand(forged);
    expect(named.code).toBe(1);
    expect(named.said).toContain('[package.name]');
    rmSync(join(forged, markup));
    const listed = readFileSync(join(forged, 'SHA256SUMS'), 'utf8');
    writeFileSync(join(forged, 'SHA256SUMS'), `${'a'.repeat(64)}  ../../etc/passwd\n${listed}`);
    expect((await byCommand(forged)).said).toContain('[sums.form]');
    writeFileSync(join(forged, 'SHA256SUMS'), listed);
    writeFileSync(join(forged, 'manifest.json'), '['.repeat(2_000_000));
    const unsigned = await byCommand(forged);
    expect(unsigned.said).toContain('[file.hash]');
    // What its hub did not sign is not read any further.
    expect(unsigned.said).not.toContain('[manifest.form]');
    const names = [...(readSums(listed) ?? new Map<string, string>()).keys()];
    const sums = formatSums(
      new Map(names.map((path) => [path, hash('sha256', readFileSync(join(forged, path)), 'hex')])),
    );
    writeFileSync(join(forged, 'SHA256SUMS'), sums);
    const sig = hub.kept.hub.keys.sign(Buffer.from(sums));
    writeFileSync(join(forged, 'SHA256SUMS.sig'), Buffer.from(sig, 'base64url'));
    expect((await byCommand(forged)).said).toContain('[manifest.form]');
    mkdirSync(join(forged, 'empty/a/b/c/d/e/f/g/h/i'), { recursive: true });
    expect(await byCommand(forged)).toMatchObject({ code: 1 });
    expect(await byCommand(join(forged, 'nothing-here'))).toMatchObject({ code: 1 });
    expect(await byCommand(join(forged, 'hub.pub'))).toMatchObject({ code: 1 });
  });

  it('is judged in a browser that may reach nothing', async () => {
    await using page = await CheckPage.open(join(kept, 'KIEM-TRA.html'));
    const bare = await page.judge(kept);
    expect(bare).toMatchObject({ good: true, codes: [] });
    expect(bare.text).toContain('Chưa so khóa');
    expect(bare.text).toContain('máy chủ xóa theo quy tắc lúc');
    expect(bare.text).toContain('recorded by Đỗ Quang Huy, Inspector, user:thanhtra2 at');
    await page.page.locator('#key').fill(digits);
    expect((await page.judge(kept)).text).toContain('trùng dãy đã in');
    await page.page.locator('#key').fill('0'.repeat(32));
    expect(await page.judge(kept)).toMatchObject({ good: false, codes: ['key.other'] });
    await page.page.locator('#key').fill('');
    const forged = copy();
    writeFileSync(join(forged, 'rating', '<img src=x onerror=document.title=1>'), 'x');
    const named = await page.judge(forged);
    expect(named).toMatchObject({ good: false, codes: ['package.name'] });
    expect(await page.page.title()).toBe('Kiểm tra hồ sơ trích xuất');
    expect(page.complaints).toEqual([]);
  });
});

describe.skipIf(!here)('over a running hub', () => {
  let program: Program;
  let inspector: StationClient;
  /** With the year in which the test runs. */
  let caseNumber: string;
  const data = () => `${folder.path}/data`;
  const serve = async (): Promise<string> => {
    program = startProgram(hubBin, ['serve', '--data', data(), '--port', '0', '--json'], {
      env: { HAILONG_CAMERAS: 'off' },
    });
    return String((await program.line('listening'))['url']);
  };
  const enter = async (url: string, username = 'thanhtra'): Promise<StationClient> => {
    const client = new StationClient(url);
    await client.call('POST', '/api/v1/session', { username, password: 'mat-khau-thu-nghiem' });
    return client;
  };
  const command = (...args: string[]) => runProgram(hubBin, [...args, '--data', data(), '--json']);
  const tokenOf = async (user: string, scope: string): Promise<string> => {
    const own = await enter(inspector.base, user);
    const asked = { name: TOKEN_NAME, scopes: [scope], days: 1 };
    return (await own.call<{ token: string }>('POST', '/api/v1/tokens', asked)).body.token;
  };

  beforeAll(async () => {
    if (!here) return;
    await hub.close();
    inspector = await enter(await serve());
    const { body } = await inspector.call<CaseAnswer>('GET', `/api/v1/cases/${hub.caseId}`);
    caseNumber = body.number;
  });
  afterAll(() => program?.stop());

  it('is fetched in pieces by its address, as one archive with the very same bytes', async () => {
    const { body } = await inspector.call<PackageList>('GET', `/api/v1/cases/${hub.caseId}/packages`);
    expect(body.packages).toMatchObject([{ id: row.id, state: 'ready', packageHash: row.packageHash }]);
    const address = await inspector.call<ArchiveAddress>('POST', `/api/v1/packages/${row.id}/address`, {});
    const { cookie } = inspector.credentials();
    const get = (range?: string, headers: Record<string, string> = {}) =>
      fetch(`${inspector.base}${address.body.url}`, {
        headers: { cookie, ...(range ? { range } : {}), ...headers },
      });
    expect((await fetch(`${inspector.base}${address.body.url}`)).status).toBe(401);
    const whole = await get();
    expect(whole.status).toBe(200);
    expect(whole.headers.get('content-disposition')).toContain(`filename="${basename(kept)}.zip"`);
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(bytes.length).toBe(Number(whole.headers.get('content-length')));
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 300_001) {
      const part = await get(`bytes=${at}-${at + 300_000}`);
      expect(part.status).toBe(206);
      pieces.push(Buffer.from(await part.arrayBuffer()));
    }
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    expect((await get(`bytes=${bytes.length}-`)).status).toBe(416);
    expect((await get('bytes=0-9', { 'if-range': '"another"' })).status).toBe(200);
    const archive = join(folder.path, 'archive.zip');
    writeFileSync(archive, bytes);
    await run('python3', ['-m', 'zipfile', '-t', archive]);
    await run('python3', ['-m', 'zipfile', '-e', archive, join(folder.path, 'unpacked')]);
    expect(await byCommand(join(folder.path, 'unpacked', basename(kept)), '--hub-key', digits)).toMatchObject(
      { code: 0 },
    );
  });

  it('is judged by the page at the hub’s fixed address, whose hash stands on paper and guide', async () => {
    const answer = await fetch(`${inspector.base}/KIEM-TRA.html`);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="KIEM-TRA.html"');
    const bytes = Buffer.from(await answer.arrayBuffer());
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(bytes.equals(readFileSync(join(kept, 'KIEM-TRA.html')))).toBe(true);
    const { stdout } = await run('pdftotext', ['-layout', join(kept, 'BIEN-BAN.pdf'), '-']);
    const paper = stdout.replace(/\s+/g, ' ');
    expect(paper).toContain((digest.match(/.{8}/g) ?? []).join(' '));
    const guide = readFileSync(join(kept, 'HUONG-DAN-KIEM-TRA.txt'), 'utf8');
    expect(guide.split(digest)).toHaveLength(3);
    for (const text of [paper, guide]) {
      expect(text).toContain('certutil -hashfile KIEM-TRA.html SHA256');
      expect(text).toContain('http(s)://TÊN-MÁY-CHỦ/KIEM-TRA.html');
    }
    const saved = join(folder.path, 'saved');
    mkdirSync(saved);
    writeFileSync(join(saved, 'KIEM-TRA.html'), bytes);
    await using page = await CheckPage.open(join(saved, 'KIEM-TRA.html'));
    expect(await page.judge(kept)).toMatchObject({ good: true, codes: [] });
  });

  it('is asked for, approved and carried by commands', async () => {
    const [mine, other] = [await tokenOf('thanhtra', 'export'), await tokenOf('thanhtra2', 'acts')];
    const out = join(folder.path, 'usb');
    const ask = ['evidence', 'export', '--case', caseNumber, '--out', out, '--token', mine];
    const asked = await command(...ask);
    expect(asked).toMatchObject({ code: 0, lines: [{ event: 'evidence', state: 'pending' }] });
    expect(existsSync(out)).toBe(false);
    const act = String(asked.lines[0]?.['act']);
    // The asker's own token is no second person, and its scope no approval.
    expect((await command('approve', act, '--token', mine)).code).toBe(1);
    expect((await command('approve', act, '--token', other)).code).toBe(0);
    const carried = await command(...ask, '--wait');
    const ready = carried.lines.find((line) => line['state'] === 'ready');
    expect(ready, carried.stderr).toMatchObject({ good: true, findings: [] });
    expect(await byCommand(String(ready?.['folder']), '--hub-key', digits)).toMatchObject({ code: 0 });
    // Who made the tokens that both sides acted by.
    const custody = readFileSync(join(String(ready?.['folder']), 'custody.jsonl'), 'utf8');
    const acts = custody
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).row as { action: string; actor: string });
    const makers = acts.filter(({ action }) => action === 'token.issued').map(({ actor }) => actor);
    expect(new Set(makers)).toEqual(new Set(['user:thanhtra', 'user:thanhtra2']));
    // What its person calls it is nobody's business who checks a package.
    for (const path of ['custody.jsonl', 'audit/proofs.json'])
      expect(readFileSync(join(String(ready?.['folder']), path), 'utf8')).not.toContain(TOKEN_NAME);
    const taken = () => {
      const db = new Database(join(folder.path, 'data', 'hub.sqlite'), { readonly: true });
      try {
        return db
          .prepare("SELECT count(*) FROM audit_log WHERE action = 'evidence.downloaded'")
          .pluck()
          .get();
      } finally {
        db.close();
      }
    };
    const before = taken();
    expect((await command(...ask)).lines.at(-1)).toMatchObject({ event: 'error', code: 'evidence.exists' });
    expect(taken()).toBe(before);
  });

  it('is neither asked for nor approved by a token that the hub’s shell made of somebody', async () => {
    const given = async (user: string, ...scopes: string[]): Promise<string> => {
      const scope = scopes.flatMap((each) => ['--scope', each]);
      const { lines } = await command('token', 'issue', '--user', user, '--name', 'máy chủ', ...scope);
      return String(lines[0]?.['token']);
    };
    const out = join(folder.path, 'usb-given');
    const ask = (token: string) =>
      command('evidence', 'export', '--case', caseNumber, '--out', out, '--token', token, '--again');
    expect((await ask(await given('thanhtra', 'export'))).lines.at(-1)).toMatchObject({
      code: 'access.token_given',
    });
    const asked = await ask(await tokenOf('thanhtra', 'export'));
    expect(asked).toMatchObject({ code: 0, lines: [{ state: 'pending' }] });
    const act = String(asked.lines[0]?.['act']);
    const approved = await command('approve', act, '--token', await given('thanhtra2', 'acts'));
    expect(approved.lines.at(-1)).toMatchObject({ code: 'access.token_given' });
    expect((await command('approve', act, '--token', await tokenOf('thanhtra2', 'acts'))).code).toBe(0);
  });

  it('is asked for of more than the case is of, waits for a second person, and lets the case see that too', async () => {
    const [mine, other] = [await tokenOf('thanhtra', 'export'), await tokenOf('thanhtra2', 'acts')];
    const watch = await tokenOf('thanhtra', 'footage');
    const [from, to] = [hub.openedAt - 13_000, hub.openedAt + 20_000];
    const span = ['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString()];
    const out = join(folder.path, 'usb-wider');
    const ask = ['evidence', 'export', '--case', caseNumber, '--out', out, '--token', mine, ...span];
    const clip = ['clip', '--case', caseNumber, '--token', watch, '--reason', 'Xem lúc xếp hàng', ...span];
    expect((await command(...ask.slice(0, -2))).code).toBe(2);
    const asked = await command(...ask);
    expect(asked).toMatchObject({ code: 0, lines: [{ event: 'evidence', state: 'pending' }] });
    expect(existsSync(out)).toBe(false);
    expect((await command(...clip)).lines).toMatchObject([{ event: 'clip', state: 'pending' }]);
    const act = String(asked.lines[0]?.['act']);
    expect((await command('approve', act, '--token', other)).code).toBe(0);
    const carried = await command(...ask, '--wait');
    const ready = carried.lines.find((line) => line['state'] === 'ready');
    expect(ready, carried.stderr).toMatchObject({ good: true, findings: [] });
    const manifest = packageManifest.parse(
      JSON.parse(readFileSync(join(String(ready?.['folder']), 'manifest.json'), 'utf8')),
    );
    expect(manifest.asked).toEqual({ from, to });
    expect(await byCommand(String(ready?.['folder']), '--hub-key', digits)).toMatchObject({ code: 0 });
    const listed = await command(...clip);
    expect(listed.lines[0]).toMatchObject({ event: 'clip', interval: act, window: { from, to } });
    expect(listed.lines.some((line) => line['event'] === 'segment')).toBe(true);
    const { body } = await inspector.call<PackageList>('GET', `/api/v1/cases/${hub.caseId}/packages`);
    expect(body.packages.map(({ interval }) => interval)).toContainEqual({ from, to });
  });

  it('agrees with its rows where it lies, and a removed file of it is named', async () => {
    const said = async () =>
      (await command('verify', '--files')).lines.filter(({ code }) => String(code).startsWith('evidence.'));
    expect(await said()).toEqual([]);
    const paper = join(kept, 'BIEN-BAN.pdf');
    const bytes = readFileSync(paper);
    rmSync(paper);
    expect(await said()).toMatchObject([{ code: 'evidence.altered' }]);
    writeFileSync(paper, bytes);
  });

  it('leaves nothing that looks whole when the hub is killed half-way, and is written by its next start', async () => {
    const evidence = join(data(), 'evidence');
    const named = (id: string) => readdirSync(evidence).filter((name) => name.includes(id));
    const good = async (name: string): Promise<void> =>
      expect(await byCommand(join(evidence, name), '--hub-key', digits)).toMatchObject({ code: 0 });
    /** Asked, approved, and the hub killed as soon as it is begun: what lies there then. */
    const killedAt = async (time: number): Promise<string> => {
      const body = { caseId: hub.caseId, legalBasis: `Điều 5, lần ${time}` };
      const ask = { kind: 'evidence-export', body, reason: `Giao lần ${time}` };
      const { body: asked } = await inspector.call<{ id: string }>('POST', '/api/v1/acts', ask);
      const second = await enter(inspector.base, 'thanhtra2');
      const approved = second.call('POST', `/api/v1/acts/${asked.id}/approve`, {}).catch(() => null);
      await poll(() => named(asked.id).length > 0, { what: 'the package to be begun', everyMs: 2 });
      await program.killHard();
      await approved;
      expect(named(asked.id)).toHaveLength(1);
      return asked.id;
    };
    let id = await killedAt(2);
    // Written to its end before the signal came, on a machine that looked away: good as it is, and once more.
    for (let time = 3; !named(id)[0]?.endsWith('.part'); time += 1) {
      expect(time).toBeLessThan(12);
      await good(named(id)[0] ?? '');
      inspector = await enter(await serve());
      id = await killedAt(time);
    }
    expect(existsSync(join(evidence, named(id)[0] ?? '', 'SHA256SUMS.sig'))).toBe(false);
    await serve();
    const written = () => named(id).some((name) => !name.endsWith('.part'));
    await poll(written, { what: 'the package to be written', timeoutMs: 60_000 });
    await poll(() => named(id).length === 1, { what: 'the half one to be gone', timeoutMs: 60_000 });
    await good(named(id)[0] ?? '');
  });
});
