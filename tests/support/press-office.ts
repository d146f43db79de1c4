/*
 * Purpose: one office for tests of presses: serves a citizen up to the armed panel, and tells the vote that came of it.
 */
import type { RatingsAnswer } from '@hailong/shared/protocol/http.ts';
import { type Office, openOffice } from './office.ts';
import { poll } from './poll.ts';

export interface PressOffice extends AsyncDisposable {
  readonly office: Office;
  /** Serves one citizen up to the open prompt, with the panel armed. */
  openPrompt(): Promise<{ readonly code: string; readonly transactionId: string }>;
  /** The prompt's fixed time passes, so that the next citizen can be called. */
  closed(transactionId: string): Promise<unknown>;
  /** The votes on the overall question, once they are at the hub. */
  overall(transactionId: string): Promise<{
    readonly votes: RatingsAnswer['votes'];
    readonly effective: NonNullable<RatingsAnswer['effective']>;
  }>;
}

export async function openPressOffice(folder: string): Promise<PressOffice> {
  const office = await openOffice(folder);
  let dossier = 0;
  return {
    office,
    async openPrompt() {
      dossier += 1;
      const code = `H21.27-261123-${String(dossier).padStart(4, '0')}`;
      const { transactionId, intentId } = await office.api.open(office.counter.id, [code]);
      await office.api.intent(intentId, 'accepted');
      const { intentId: finish } = await office.api.finish(transactionId);
      await office.api.intent(finish, 'accepted');
      await poll(() => office.panel.status().armedMask !== 0, { what: 'the panel to be armed' });
      return { code, transactionId };
    },
    async closed(transactionId) {
      await office.passPrompt();
      await office.kioskLine('closed', (line) => line['transaction'] === transactionId);
    },
    overall: (transactionId) =>
      poll(
        async () => {
          const { votes, effective } = await office.api.ratings(transactionId);
          const found = votes.filter((vote) => vote.question === 'overall');
          return found.length > 0 && effective ? { votes: found, effective } : null;
        },
        { what: `the rating of ${transactionId} at the hub` },
      ),
    [Symbol.asyncDispose]: () => office[Symbol.asyncDispose](),
  };
}
