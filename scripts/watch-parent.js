/*
 * Purpose: a program started by another dies with it, even when that other is killed with SIGKILL.
 *   HAILONG_PARENT_PIPE=<fd>|stdin  the starter holds the other end of this pipe; its end of file means it is gone.
 *   under npm or npx without one    the chain of parents up to npm is looked at twice a second.
 * Loaded by import (`node --import …/scripts/watch-parent.js main.ts`, every bin); it asks the program to stop by
 * SIGTERM, as an operator would, and ends it when it has not stopped in time. Parses on Node 12. See CONTRIBUTING.md.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

/** Twice a second: npm's death is noticed within what a person calls at once; costs one getppid. */
const pollMs = 500;
/** A hub closes its database in well under a second; ten are for a machine that is swapping. */
const graceMs = 10000;

let leaving = false;

function leave() {
  if (leaving) return;
  leaving = true;
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
}

/** The parent of a process and its name, from /proc; undefined where there is none. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const close = text.lastIndexOf(')');
    return {
      name: text.slice(text.indexOf('(') + 1, close),
      parent: Number(text.slice(close + 2).split(' ')[1]),
    };
  } catch (_error) {
    return undefined;
  }
}

function watchPipe(fd) {
  const pipe = new Socket({ fd, readable: true, writable: false });
  pipe.on('error', leave);
  pipe.on('close', leave);
  pipe.resume();
  pipe.unref();
}

/** npm runs a script through `sh -c`, which may or may not stay in between. */
function watchNpm() {
  const parent = process.ppid;
  const shell = statOf(parent);
  const npm = shell && /^(sh|dash|bash)$/.test(shell.name) ? shell.parent : undefined;
  setInterval(() => {
    const now = npm === undefined ? undefined : statOf(parent);
    if (process.ppid !== parent || (npm !== undefined && (now === undefined || now.parent !== npm))) leave();
  }, pollMs).unref();
}

if (isMainThread) {
  const pipe = process.env.HAILONG_PARENT_PIPE;
  delete process.env.HAILONG_PARENT_PIPE;
  if (pipe === 'stdin') watchPipe(0);
  else if (pipe !== undefined && /^\d+$/.test(pipe)) watchPipe(Number(pipe));
  else if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') watchNpm();
}
