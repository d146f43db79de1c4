/*
 * Purpose: ports that are named before they are bound, or bound again after a restart. A port that the kernel picks (0)
 * is one that it may give to anybody else, listener or outgoing connection, while its program is down; here are ports
 * below all that a kernel picks from. Where nothing is ever restarted, port 0 is as good.
 */
import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Kernels pick from 32,768 (Linux) or 49,152 (macOS, Windows) upwards. */
const FROM = 20_000;
const TO = 32_760;
/** A port and the seven after it are free; the last of each ten is bound as long as this process lives: whoever asks too goes elsewhere. */
const APART = 10;
const FREE = 8;
const TRIES = 200;

const bound = (port: number) =>
  new Promise<Server | null>((done) => {
    const server = createServer();
    server.once('error', () => done(null)).listen(port, '127.0.0.1', () => done(server.unref()));
  });

async function isFree(port: number): Promise<boolean> {
  const server = await bound(port);
  if (server === null) return false;
  await new Promise((done) => server.close(done));
  return true;
}

/** A free loopback port that nobody else is given until this process ends, nor any of the seven above it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FROM / APART, TO / APART) * APART;
    const sign = await bound(port + APART - 1);
    if (sign === null) continue;
    const free = await Promise.all(Array.from({ length: FREE }, (_, n) => isFree(port + n)));
    if (free.every(Boolean)) return port;
    sign.close();
  }
  throw new Error(`no free port between ${FROM} and ${TO}`);
}
