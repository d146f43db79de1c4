/**
 * *Next citizen* at a station: what was typed becomes a queue number, a dossier code or nothing (next-code.ts). The same key
 * ends what is being served first; both become intents of their own, in this order, and the device keeps it.
 * Refuses: to end anything when the code cannot be read.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId, OfficerId } from '@hailong/shared/ids.ts';
import { readNextCode } from '@hailong/shared/model/next-code.ts';
import type { Stage } from '@hailong/shared/model/transaction.ts';
import type { IntentReceipt } from '../core-port.ts';
import type { WebParts } from '../web-parts.ts';
import { type Ending, finishServed } from './finish-served.ts';

export async function callNext(
  parts: WebParts,
  input: {
    officerId: OfficerId;
    counterId: CounterId;
    code: string | undefined;
    procedureCode: string | null;
    stage: Stage;
    finish: Ending | undefined;
  },
): Promise<IntentReceipt & { readonly finished: IntentReceipt | null }> {
  const code = readNextCode(input.code);
  if (code.kind === 'invalid') throw new CodedError('request.invalid', 'code');
  const officer = await parts.storage.directory.profile({ id: input.officerId });
  if (!officer) throw new CodedError('access.login_required');
  const finished = input.finish ? await finishServed(parts, input, input.finish) : null;
  const opened = await parts.core.openTransaction({
    officerCode: officer.code,
    counterId: input.counterId,
    dossierCodes: code.kind === 'dossier' ? [code.dossierCode] : [],
    queueNumber: code.kind === 'queue' ? code.queueNumber : null,
    procedureCode: input.procedureCode,
    stage: input.stage,
  });
  if (!opened.ok) throw new CodedError(opened.code);
  return { ...opened.value, finished };
}
