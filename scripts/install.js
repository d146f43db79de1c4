/*
 * Purpose: bring a bare clone to the state of its lock file, and the machine's programs to what a command needs.
 * Packages: `npm ci` when what lies in node_modules is not what package-lock.json names (read, not remembered, so an
 * interrupted installation is seen). System programs: apt-get, on Debian as root only; elsewhere the reader is told
 * the one command. Refuses with the remedy when offline, full or not allowed to write. Parses on Node 12.
 */
import { spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findNode, root, tooOld } from './node.js';
import { bar, progress, Refusal, say, tailOf } from './say.js';

const modules = join(root, 'node_modules');
const hiddenLock = join(modules, '.package-lock.json');

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages || {};
  } catch (_error) {
    return undefined;
  }
}

function wanted(lock) {
  return Object.keys(lock).filter((path) => path.includes('node_modules/') && !lock[path].link);
}

/** Whether this platform takes a package: npm's rule for `os`, `cpu` (a leading ! excludes) and `libc` (left to npm). */
function forThisMachine(entry) {
  const takes = (list, value) =>
    !list ||
    list.length === 0 ||
    (list[0].startsWith('!') ? !list.includes(`!${value}`) : list.includes(value));
  return takes(entry.os, process.platform) && takes(entry.cpu, process.arch);
}

/** The first package whose installed version is not the lock's; undefined when node_modules is up to date. */
export function firstStale() {
  const lock = readPackages(join(root, 'package-lock.json'));
  if (lock === undefined)
    throw new Refusal(
      1,
      'Thiếu package-lock.json: hãy lấy lại mã nguồn.',
      'package-lock.json is missing: clone again.',
    );
  const have = readPackages(hiddenLock);
  if (have === undefined) return 'node_modules';
  return wanted(lock).find((path) => {
    const there = have[path];
    if (there === undefined) return !lock[path].optional && forThisMachine(lock[path]);
    return there.version !== lock[path].version || !existsSync(join(root, path));
  });
}

/** npm makes every folder first and fills them as they arrive: a package counts when its manifest is there. */
function countInstalled() {
  const names = existsSync(modules) ? readdirSync(modules).filter((name) => !name.startsWith('.')) : [];
  const paths = [];
  for (const name of names) {
    if (!name.startsWith('@')) paths.push(name);
    else for (const inner of readdirSync(join(modules, name))) paths.push(join(name, inner));
  }
  return paths.filter((path) => existsSync(join(modules, path, 'package.json'))).length;
}

/** Starts a program quietly into a log file; resolves with its exit code. It is killed when this process is. */
function quietly(file, args, log, options) {
  const out = openSync(log, 'w');
  const stdio = ['ignore', out, out].concat((options && options.extra) || []);
  const tied = process.platform === 'linux' && onPath('setpriv');
  const all = tied ? ['--pdeathsig', 'TERM', '--', file].concat(args) : args;
  const child = spawn(tied ? 'setpriv' : file, all, {
    cwd: root,
    stdio,
    env: Object.assign({}, process.env, options && options.env),
  });
  if (options && options.started) options.started(child);
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  return new Promise((done) => {
    const end = (code) => {
      process.removeListener('exit', stop);
      closeSync(out);
      done(code);
    };
    child.on('error', () => end(127));
    child.on('exit', (code) => end(code === null ? 1 : code));
  });
}

/** Runs `use` with the path of a log file in a folder of its own, removed afterwards. */
async function withLog(use) {
  let folder;
  try {
    folder = mkdtempSync(join(tmpdir(), 'hailong-'));
  } catch (error) {
    throw new Refusal(
      1,
      `Không ghi được vào ${tmpdir()}: ${error.code}.`,
      `Cannot write to ${tmpdir()}: ${error.code}. Free space there or set TMPDIR.`,
    );
  }
  const log = join(folder, 'log');
  try {
    return await use(log);
  } finally {
    if (existsSync(log)) unlinkSync(log);
    rmdirSync(folder);
  }
}

/** What npm's complaint means, as a refusal with its remedy. */
export function explainNpm(output) {
  if (/ENOSPC|EDQUOT/.test(output)) {
    return new Refusal(
      1,
      `Đĩa đầy: cần khoảng 700 MB trống cho ${root}. Hãy xoá bớt rồi chạy lại.`,
      `The disk is full: ${root} needs about 700 MB. Free some and run the command again.`,
    );
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return new Refusal(
      1,
      `Không được phép ghi vào ${root}. Hãy chạy bằng chủ của thư mục đó.`,
      `Writing to ${root} is not allowed. Run the command as the owner of that folder.`,
    );
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|SOCKET_TIMEOUT|network/i.test(
      output,
    )
  ) {
    return new Refusal(
      4,
      'Không tới được kho gói npm: hãy kiểm tra mạng hoặc proxy (npm config get registry) rồi chạy lại.',
      'The npm registry cannot be reached: check the network or the proxy (npm config get registry) and run the command again.',
    );
  }
  return new Refusal(1, `npm ci không thành công:\n${output}`, 'npm ci failed: its own words are above.');
}

function npmCommand() {
  const beside = process.env.npm_execpath;
  if (beside && /\.c?js$/.test(beside) && existsSync(beside)) return [process.execPath, [beside]];
  if (onPath('npm')) return ['npm', []];
  throw new Refusal(
    1,
    'Không tìm thấy npm: hãy cài npm (Debian: apt-get install npm).',
    'npm was not found: install it (Debian: apt-get install npm).',
  );
}

/** Where npm may keep its cache: an account without a writable home (a service, a container) gets a temporary one. */
function npmCache() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch (_error) {
    const user = process.getuid ? process.getuid() : 0;
    return { npm_config_cache: join(tmpdir(), `hailong-npm-${user}`) };
  }
}

/** Makes node_modules what the lock file says, and returns the path of the Node that runs the project. */
export async function ensurePackages() {
  const stale = firstStale();
  if (stale !== undefined) {
    const lock = readPackages(join(root, 'package-lock.json'));
    const total = new Set(
      wanted(lock).filter((path) => forThisMachine(lock[path]) && path.lastIndexOf('node_modules/') === 0),
    ).size;
    const [file, args] = npmCommand();
    const flags = [
      'ci',
      '--loglevel=warn',
      '--no-audit',
      '--no-fund',
      '--fetch-retries=3',
      '--fetch-retry-mintimeout=1000',
      '--fetch-retry-maxtimeout=8000',
    ];
    await withLog(async (log) => {
      const end = progress('Cài gói npm / npm packages', () => bar(Math.min(1, countInstalled() / total)));
      const code = await quietly(file, args.concat(flags), log, { env: npmCache() });
      // On a full disk npm only warns, leaves half a package and exits with 0.
      const full = /ENOSPC|EDQUOT/.test(readFileSync(log, 'utf8'));
      end(code === 0 && !full);
      if (full && existsSync(hiddenLock)) unlinkSync(hiddenLock);
      if (full) throw explainNpm('ENOSPC');
      if (code !== 0) throw explainNpm(tailOf(log, 3000));
    });
  }
  const node = findNode();
  if (node === undefined)
    throw new Refusal(
      1,
      tooOld().split(' / ')[0],
      `${tooOld().split(' / ')[1]} (none in the lock file for ${process.platform} ${process.arch}: install Node 24 yourself)`,
    );
  return node;
}

/** The path of a program on PATH, or undefined. */
export function onPath(name) {
  return (process.env.PATH || '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch (_error) {
        return false;
      }
    });
}

/** Whether this process may install system packages here: Debian (or a child of it), as root. */
export function mayInstall() {
  return (
    existsSync('/etc/debian_version') &&
    onPath('apt-get') !== undefined &&
    process.getuid &&
    process.getuid() === 0
  );
}

async function aptGet(title, args) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  return withLog(async (log) => {
    let percent = 0;
    const listen = (child) =>
      child.stdio[3].on('data', (chunk) => {
        const found = /^(?:dl|pm)status:[^:]*:([\d.]+):/m.exec(chunk.toString());
        if (found) percent = Number(found[1]);
      });
    const end = progress(title, () => bar(percent / 100));
    const code = await quietly(
      'apt-get',
      [
        '-o',
        'APT::Status-Fd=3',
        '-o',
        'DPkg::Lock::Timeout=120',
        '-o',
        'Acquire::http::Timeout=20',
        '-o',
        'Acquire::Retries=1',
        '-qq',
        '-y',
      ].concat(args),
      log,
      { env, extra: ['pipe'], started: listen },
    );
    end(code === 0);
    return code === 0 ? undefined : tailOf(log, 1500);
  });
}

/** Installs Debian packages; returns nothing on success, else apt's own words. A bare image has no lists yet. */
export async function installDebian(packages) {
  const title = `Cài gói hệ thống / system packages (${packages.length})`;
  const install = ['install', '--no-install-recommends'].concat(packages);
  if ((await aptGet(title, install)) === undefined) return undefined;
  const listed = await aptGet('Cập nhật danh mục gói / package lists', ['update']);
  const said = await aptGet(title, install);
  return said === undefined ? undefined : `${listed || ''}\n${said}`.trim();
}

/** The packages of a list that this Debian has not installed. */
export async function missingDebian(packages) {
  const dpkg = '/var/lib/dpkg/info';
  const have = new Set(
    existsSync(dpkg)
      ? readdirSync(dpkg)
          .filter((name) => name.endsWith('.list'))
          .map((name) => name.slice(0, -5).split(':')[0])
      : [],
  );
  return packages.filter((name) => !have.has(name));
}

/** What the fault runs use: system calls that fail on request, power cuts on xfs, a clock that can be set. */
export const faultPackages = ['strace', 'xfsprogs', 'libfaketime'];

/** A display, hands at it, and the browser of the kiosk's second shell. */
export const displayPackages = ['chromium', 'ffmpeg', 'xvfb', 'xdotool', 'x11-utils', 'openbox'];

/** The panel's reference firmware, and the emulator of its chip that runs beside the wall clock. */
export const firmwarePackages = [
  'gcc-avr',
  'avr-libc',
  'binutils-avr',
  'make',
  'gcc',
  'libc6-dev',
  'libsimavr-dev',
  'libelf-dev',
];

/** Installs what a Debian lacks of a list, or says the one command where it may not. */
export async function ensureDebian(packages) {
  if (!existsSync('/etc/debian_version')) return;
  const missing = await missingDebian(packages);
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!mayInstall()) {
    say(`Thiếu gói cho một số kiểm thử: sudo ${command}`, `Some tests need packages: sudo ${command}`);
    return;
  }
  const said = await installDebian(missing);
  if (said !== undefined)
    say(`Không cài được gói kiểm thử:\n${said}`, `Test packages could not be installed: ${command}`);
}

/** Finds ffmpeg, or installs it where it may; returns whether cameras will work. */
export async function ensureFfmpeg() {
  const named = process.env.HAILONG_FFMPEG;
  const font = existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf');
  const there = named ? existsSync(named) : onPath('ffmpeg') !== undefined && onPath('ffprobe') !== undefined;
  if (there && (font || !mayInstall())) return true;
  if (mayInstall()) {
    const said = await installDebian(['ffmpeg', 'fonts-dejavu-core']);
    if (said === undefined || there) return true;
    say(`Không cài được ffmpeg:\n${said}`, 'ffmpeg could not be installed: apt-get’s own words are above.');
  }
  const sudo = 'sudo apt-get install --no-install-recommends ffmpeg fonts-dejavu-core';
  say(
    `Chạy không có camera vì thiếu ffmpeg. Để có camera: ${sudo}`,
    `Running without cameras: ffmpeg is missing. For cameras: ${sudo}`,
  );
  return false;
}
