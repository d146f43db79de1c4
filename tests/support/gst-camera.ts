/* Starts tests/support/gst-rtsp-server.py where Debian's packages are there; else says what is missing. */
import { spawn } from 'node:child_process';
import { inRepo } from './paths.ts';
import { poll } from './poll.ts';

export interface GstCamera extends AsyncDisposable {
  readonly rtspUrl: string;
}

/** A string is the reason why there is none here. */
export async function startGstCamera(user: string, password: string): Promise<GstCamera | string> {
  const child = spawn('/usr/bin/python3', [inRepo('tests/support/gst-rtsp-server.py'), user, password], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let said = '';
  let ended: string | undefined;
  // One that has ended already reads nothing (EPIPE).
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const gone = new Promise<void>((done) => {
    child.on('error', (error) => {
      ended = error.message;
      done();
    });
    child.on('close', (code) => {
      ended ??= code === 77 ? said.trim() : `ended with ${code}: ${said.trim()}`;
      done();
    });
  });
  await poll(() => out.includes('}') || ended !== undefined, { what: 'gst-rtsp-server to listen' });
  if (ended !== undefined) return ended;
  const { port } = JSON.parse(out) as { port: number };
  return {
    rtspUrl: `rtsp://127.0.0.1:${port}/live`,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      child.kill('SIGTERM');
      await gone;
    },
  };
}
