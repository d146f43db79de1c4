/**
 * Purpose: one package written by a process of its own (src/evidence/main.ts), which ends with this one. The hub's
 *   signature is given over the list of hashes that the child read back.
 * Refuses: messages of another form; a child that ends without a word, and any after `stop` (`evidence.writer_failed`).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CodedError, isErrorCode } from '@hailong/shared/errors.ts';
import { readSums } from '@hailong/shared/evidence/sums.ts';
import { fromWriter, type ToWriter, type WriterJob } from '@hailong/shared/protocol/evidence-writer.ts';
import type { EvidenceWriter, WrittenEvidence } from '../../application/ports/evidence.ts';

/** The page that every package carries: built with the screens. */
export const CHECK_PAGE_FILE = fileURLToPath(new URL('../../../dist/check/KIEM-TRA.html', import.meta.url));

const MAIN = fileURLToPath(new URL('../../evidence/main.ts', import.meta.url));

export function createEvidenceWriter(signer: { sign(bytes: Uint8Array): string }): EvidenceWriter {
  // One that said its last word still ends while the next is written.
  const running = new Set<ChildProcess>();
  let stopped = false;
  return {
    stop() {
      stopped = true;
      for (const child of running) child.kill('SIGKILL');
    },
    async write(job, { progress, stand }) {
      if (stopped) throw new CodedError('evidence.writer_failed', 'stopped');
      const full: WriterJob = { ...job, type: 'job', checkPage: CHECK_PAGE_FILE };
      return new Promise<WrittenEvidence>((resolve, reject) => {
        const child = fork(MAIN, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
        running.add(child);
        const tell = (message: ToWriter): void => {
          if (child.connected) child.send(message);
        };
        let said = false;
        const fail = (error: CodedError): void => {
          said = true;
          reject(error);
        };
        child.on('error', (error) => fail(new CodedError('evidence.writer_failed', error.message)));
        child.on('exit', (code, signal) => {
          running.delete(child);
          if (!said) fail(new CodedError('evidence.writer_failed', `exit ${code ?? signal}`));
        });
        child.on('message', (received: unknown) => {
          const message = fromWriter.safeParse(received);
          if (!message.success) {
            child.kill('SIGKILL');
            return;
          }
          const { data } = message;
          if (data.type === 'progress') progress(data.done, data.total);
          else if (data.type === 'lost')
            stand(data.segments).then(
              (answer) => tell({ type: 'judged', stand: answer }),
              () => child.kill('SIGKILL'),
            );
          else if (data.type === 'sign') {
            // What this key signs is a list of hashes and nothing else.
            if (readSums(data.sums) === null) child.kill('SIGKILL');
            else tell({ type: 'signature', sig: signer.sign(Buffer.from(data.sums, 'utf8')) });
          } else if (data.type === 'failed')
            fail(new CodedError(isErrorCode(data.code) ? data.code : 'evidence.writer_failed', data.detail));
          else {
            said = true;
            resolve(data);
          }
        });
        tell(full);
      });
    },
  };
}
