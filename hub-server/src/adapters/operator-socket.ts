/**
 * The running hub's door for its own operator: a Unix socket, 0600 in a 0700 folder, one JSON line in; out come any
 * number of `{"line":…}` while the hub works (null: still at it) and last the answer. Whoever may read the data folder
 * may use it; nobody else reaches it. Closing waits for nobody who has asked nothing, and not long for an answer.
 * Refuses: a line past its bound; a folder that is not its own. A data folder with a long name gets its socket under
 * the temporary folder.
 */
import { hash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CodedError, type ErrorCode, isErrorCode } from '@hailong/shared/errors.ts';

/** sun_path holds 108 bytes. */
const PATH_BYTES_MAX = 100;
const LINE_BYTES_MAX = 65_536;
const TIMEOUT_MS = 60_000;
/** A long verb says this often that it lives, so that neither end gives the other up. */
const ALIVE_MS = 5_000;
/** A hub that stops lets the verbs under way come to their answer for this long. */
const GRACE_MS = 5_000;

/** What a verb says before its answer. */
export type Tell = (line: unknown) => void;

export type OperatorAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly detail?: string | undefined };

const CUT: OperatorAnswer = { ok: false, code: 'program.unreachable' };

function socketPath(dataDir: string): string {
  const beside = resolve(dataDir, 'hub.sock');
  if (Buffer.byteLength(beside) <= PATH_BYTES_MAX) return beside;
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `hailong-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Anybody may have made something of this name there before us, also a link to a folder of ours.
  const held = lstatSync(folder);
  if (!held.isDirectory() || held.uid !== uid || (held.mode & 0o777) !== 0o700)
    throw new CodedError('program.foreign_folder', folder);
  return join(folder, `${hash('sha256', beside, 'hex').slice(0, 16)}.sock`);
}

/** The caller holds the data lock, so a socket file left by a killed hub is dead and is replaced. */
export async function listenToOperator(
  dataDir: string,
  answer: (request: unknown, tell: Tell) => Promise<OperatorAnswer>,
): Promise<{ close(): Promise<void> }> {
  const path = socketPath(dataDir);
  rmSync(path, { force: true });
  /** False: nothing was asked on it yet. */
  const sockets = new Map<Socket, boolean>();
  const server = createServer((socket) => {
    sockets.set(socket, false);
    socket.on('close', () => sockets.delete(socket));
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > LINE_BYTES_MAX) socket.destroy();
      else if (text.includes('\n')) {
        socket.pause();
        sockets.set(socket, true);
        const tell: Tell = (line) => {
          if (socket.writable) socket.write(`${JSON.stringify({ line })}\n`);
        };
        const alive = setInterval(() => tell(null), ALIVE_MS);
        socket.on('close', () => clearInterval(alive));
        void reply(text.slice(0, text.indexOf('\n')), tell).then((line) => {
          clearInterval(alive);
          if (socket.writable) socket.end(`${JSON.stringify(line)}\n`);
        });
      }
    });
  });
  async function reply(line: string, tell: Tell): Promise<OperatorAnswer> {
    try {
      return await answer(JSON.parse(line), tell);
    } catch (error) {
      if (error instanceof CodedError) return { ok: false, code: error.code, detail: error.detail };
      return { ok: false, code: 'request.invalid' };
    }
  }
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(path, done);
    });
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((done) => {
        const cut = setTimeout(() => {
          for (const socket of sockets.keys()) {
            // Said, or who asked would take the hub for one that never ran and do it again by itself.
            if (socket.writable) socket.write(`${JSON.stringify(CUT)}\n`);
            socket.destroy();
          }
        }, GRACE_MS);
        server.close(() => {
          clearTimeout(cut);
          done();
        });
        for (const [socket, asked] of sockets) if (!asked) socket.destroy();
      }),
  };
}

/** Null: no hub listens there. `heard` gets what the hub says before its answer. */
export function askRunningHub(
  dataDir: string,
  request: unknown,
  heard: Tell = () => undefined,
): Promise<OperatorAnswer | null> {
  return new Promise((done) => {
    let last: OperatorAnswer | null = null;
    const socket = connect(socketPath(dataDir));
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      try {
        for (const each of lines) {
          const said = JSON.parse(each) as OperatorAnswer | { readonly line: unknown };
          if (!('line' in said)) last = said;
          else if (said.line !== null) heard(said.line);
        }
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => done(null));
    socket.on('close', () => done(last && (last.ok || isErrorCode(last.code)) ? last : null));
  });
}
