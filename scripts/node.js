/*
 * Purpose: run the same file under the Node this project pins, whatever Node the reader typed.
 * better-sqlite3 dies without a word below Node-API 10 and `.ts` files do not load before Node 24, so every bin and
 * every script entry comes through here first. It looks for the pinned binary by path (npm 9 does not link it) and
 * refuses, in one sentence, to go on with an unfit one. Parses on Node 12: no `?.`, `??` or top-level await.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import './watch-parent.js';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Whether a Node of these versions can run the project: Node-API 10 for better-sqlite3, 24 for type stripping. */
export function fits(versions) {
  return Number(versions.napi) >= 10 && Number(versions.node.split('.')[0]) >= 24;
}

/** The path of a fitting Node: this one, or the pinned one under node_modules; undefined when neither is there. */
export function findNode() {
  if (fits(process.versions)) return process.execPath;
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const file = join(
    root,
    'node_modules',
    `node-${os}-${process.arch}`,
    'bin',
    os === 'win' ? 'node.exe' : 'node',
  );
  return existsSync(file) ? file : undefined;
}

/** The one sentence for a Node that is too old where the pinned one is not installed. */
export function tooOld() {
  return (
    `Node ${process.versions.node} quá cũ để chạy hailong: hãy chạy "npm ci" trong ${root} để có Node 24 đi kèm. / ` +
    `Node ${process.versions.node} is too old for hailong: run "npm ci" in ${root} to get the Node 24 it brings along.`
  );
}

/**
 * Starts a program that dies with this one, passes signals on to it, and resolves with its exit code.
 * Options: `cwd`, `env` (added to ours), `stdout` (the descriptor its stdout goes to; ours when absent).
 */
export function runChild(file, args, options) {
  const { cwd, env, stdout = 'inherit' } = options || {};
  const child = spawn(file, args, {
    cwd,
    env: Object.assign({}, process.env, env, { HAILONG_PARENT_PIPE: '3' }),
    stdio: ['inherit', stdout, 'inherit', 'pipe'],
  });
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const pass = names.map((name) => () => child.kill(name));
  names.forEach((name, i) => {
    process.on(name, pass[i]);
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      names.forEach((name, i) => {
        process.removeListener(name, pass[i]);
      });
      done(signal ? 128 + constants.signals[signal] : code);
    });
  });
}

/**
 * Compiled code is kept beside the packages, so that only the first start strips types: later ones are faster and
 * need 35 MB less. Threads and children inherit the folder. Where it cannot be written nothing is kept.
 */
async function keepCompiled() {
  const { enableCompileCache, getCompileCacheDir } = await import('node:module');
  enableCompileCache(join(root, 'node_modules', '.cache', 'compiled'));
  const folder = getCompileCacheDir();
  if (folder && !process.env.NODE_COMPILE_CACHE) process.env.NODE_COMPILE_CACHE = folder;
}

/**
 * For a bin: `onPinnedNode(import.meta.url, () => import('../src/main.ts'))`.
 * Under a fitting Node it calls `run`; under another it starts the same bin again under the pinned one.
 */
export function onPinnedNode(url, run) {
  const failed = (error) => {
    console.error(error);
    process.exit(1);
  };
  if (fits(process.versions)) {
    Promise.resolve().then(keepCompiled).then(run).catch(failed);
    return;
  }
  const node = findNode();
  if (node === undefined) {
    console.error(tooOld());
    process.exitCode = 1;
    return;
  }
  runChild(node, [fileURLToPath(url)].concat(process.argv.slice(2))).then(
    (code) => process.exit(code),
    failed,
  );
}
