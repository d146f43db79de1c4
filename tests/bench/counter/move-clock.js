/*
 * Purpose: loaded before the agent as it ships (`--import`), so that a measurement can let hours of its boot clock pass: moves
 * `performance.now` and fires what became due. Orders come over a socket: a number of ms a line, answered when its timers ran.
 * Plain JavaScript: what strips types would take memory that the agent alone does not.
 */
import { createServer } from 'node:net';

const realNow = performance.now.bind(performance);
const [realSet, realClear] = [globalThis.setTimeout, globalThis.clearTimeout];
/** Timer → when it is due on the moved clock, and what then. */
const waiting = new Map();
let movedMs = 0;
performance.now = () => realNow() + movedMs;

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

const address = process.env['HAILONG_BENCH_CLOCK'];
if (address !== undefined)
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
