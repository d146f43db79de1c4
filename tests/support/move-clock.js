/*
 * Purpose: loaded before a program as it ships (`--import`), so that hours of its boot clock can pass in a moment: moves
 * `performance.now` and `os.uptime` and fires what became due. Orders come over a socket: a number of ms a line, answered when
 * its timers ran.
 * Plain JavaScript: what strips types would take memory that the program alone does not. Driven by moved-clock.ts.
 */
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import os from 'node:os';
import { isMainThread } from 'node:worker_threads';

const realNow = performance.now.bind(performance);
const realUptime = os.uptime;
const [realSet, realClear] = [globalThis.setTimeout, globalThis.clearTimeout];
/** Timer → when it is due on the moved clock, and what then. */
const waiting = new Map();
let movedMs = Number(process.env['HAILONG_MOVED_MS'] ?? 0);
performance.now = () => realNow() + movedMs;
os.uptime = () => realUptime() + movedMs / 1_000;
syncBuiltinESMExports();

globalThis.setTimeout = (run, delayMs = 0, ...args) => {
  const fire = () => {
    waiting.delete(timer);
    run(...args);
  };
  const timer = realSet(fire, delayMs);
  waiting.set(timer, { due: performance.now() + delayMs, fire });
  return timer;
};
globalThis.clearTimeout = (timer) => {
  waiting.delete(timer);
  realClear(timer);
};

function move(ms) {
  movedMs += ms;
  const now = performance.now();
  for (const [timer, { due, fire }] of [...waiting])
    if (due <= now) {
      realClear(timer);
      fire();
    }
}

const address = process.env['HAILONG_MOVED_CLOCK'];
if (address !== undefined && isMainThread)
  createServer((socket) => {
    socket.setEncoding('utf8').on('data', (text) => {
      for (const line of text.split('\n').filter(Boolean)) {
        move(Number(line));
        socket.write('moved\n');
      }
    });
    socket.on('error', () => undefined);
  })
    .listen(address)
    .unref();
