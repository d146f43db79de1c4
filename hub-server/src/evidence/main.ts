/**
 * Purpose: the process that writes one evidence package and ends: a stuck disk or a long copy holds up no rating. It
 *   hears its job over the IPC channel of the hub that started it, and ends with it.
 * Refuses: a second job, messages of another form; it knows no key.
 * Document: hub-server/DESIGN.md, "Evidence package".
 */
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import { type FromWriter, toWriter } from '@hailong/shared/protocol/evidence-writer.ts';
import { writePackage } from './write-package.ts';

/** Progress is for people. */
const TELL_MS = 200;

process.umask(0o077);
const tell = (message: FromWriter): void => {
  process.send?.(message);
};
let signed: (sig: string) => void = () => undefined;
let judged: (stand: boolean) => void = () => undefined;
let begun = false;
let told = 0;
let over = false;

process.on('disconnect', () => process.exit(over ? 0 : 1));
process.on('message', (received: unknown) => {
  const message = toWriter.safeParse(received);
  if (!message.success || (message.data.type === 'job' && begun)) {
    process.exit(2);
    return;
  }
  if (message.data.type === 'signature') {
    signed(message.data.sig);
    return;
  }
  if (message.data.type === 'judged') {
    judged(message.data.stand);
    return;
  }
  begun = true;
  void writePackage(message.data, {
    ffmpeg: findFfmpeg(),
    progress(done, total) {
      if (performance.now() - told < TELL_MS && done < total) return;
      told = performance.now();
      tell({ type: 'progress', done, total });
    },
    stand: (segments) =>
      new Promise((resolve) => {
        judged = resolve;
        tell({ type: 'lost', segments: [...segments] });
      }),
    sign: (sums) =>
      new Promise((resolve) => {
        signed = resolve;
        tell({ type: 'sign', sums });
      }),
  })
    .then((written): FromWriter => ({ type: 'written', ...written }))
    .catch(
      (error: unknown): FromWriter =>
        error instanceof CodedError
          ? { type: 'failed', code: error.code, detail: error.detail ?? '' }
          : { type: 'failed', code: 'internal.unexpected', detail: String(error) },
    )
    .then((last) => {
      over = true;
      process.send?.(last, () => process.disconnect());
    });
});
