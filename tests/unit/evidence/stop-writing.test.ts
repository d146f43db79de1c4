/* A hub that stops: nothing of a package begins any more, and nothing is waited for. */
import { expect, test } from 'vitest';
import { createEvidenceWriter } from '../../../hub-server/src/adapters/evidence/write-evidence.ts';
import { sha256 } from '../../../hub-server/src/adapters/sha256.ts';
import type { EvidenceParts } from '../../../hub-server/src/application/evidence/evidence-parts.ts';
import { createEvidenceMaker } from '../../../hub-server/src/application/evidence/make-package.ts';
import type { EvidenceJob } from '../../../hub-server/src/application/ports/evidence.ts';
import { CodedError } from '../../../shared/src/errors.ts';

const asks = { progress: () => undefined, stand: async () => false };

test('a writer that was stopped starts no process', async () => {
  const writer = createEvidenceWriter({ sign: () => '' });
  writer.stop();
  await expect(writer.write({} as EvidenceJob, asks)).rejects.toMatchObject({
    ...{ code: 'evidence.writer_failed', detail: 'stopped' },
  });
});

test('footage that is not closed yet holds up no stop, and the package stays as it was', async () => {
  const looks: string[] = [];
  const waiting = Promise.withResolvers<void>();
  const parts = {
    storage: {
      evidence: {
        waiting: async () => ['p1'],
        package: async () => ({ id: 'p1', caseId: 'c1' }),
        fail: async () => void looks.push('failed'),
      },
      cases: {
        async case() {
          looks.push('collected');
          throw new CodedError('evidence.not_settled');
        },
      },
    },
    writer: { stop: () => undefined },
    clock: { now: () => 0 },
  } as unknown as EvidenceParts;
  const maker = createEvidenceMaker(parts, sha256, () => {
    waiting.resolve();
    return new Promise(() => undefined);
  });
  const made = maker.makeAll();
  await waiting.promise;
  await maker.stop();
  await made;
  expect(looks).toEqual(['collected']);
});
