/** What this station proposes for the next transaction: the stage and procedure chosen last, kept on the machine. */
import type { Stage } from '@hailong/shared/model/transaction.ts';
import { useState } from 'react';

export interface Proposal {
  readonly stage: Stage;
  /** Null: by the dossier, or none. */
  readonly procedureCode: string | null;
}

const KEY = 'hailong.station.next';
export const STAGES: readonly Stage[] = ['reception', 'supplement', 'return', 'refusal', 'advice'];

/** Reads what was stored; anything unexpected is the default, never an error. */
export function readProposal(stored: string | null): Proposal {
  const fallback: Proposal = { stage: 'reception', procedureCode: null };
  if (stored === null) return fallback;
  try {
    const value: unknown = JSON.parse(stored);
    if (typeof value !== 'object' || value === null) return fallback;
    const { stage, procedureCode } = value as Record<string, unknown>;
    return {
      stage: STAGES.find((each) => each === stage) ?? fallback.stage,
      procedureCode: typeof procedureCode === 'string' ? procedureCode : null,
    };
  } catch {
    return fallback;
  }
}

export function useProposal(): [Proposal, (next: Proposal) => void] {
  const [proposal, setProposal] = useState(() => readProposal(localStorage.getItem(KEY)));
  return [
    proposal,
    (next) => {
      localStorage.setItem(KEY, JSON.stringify(next));
      setProposal(next);
    },
  ];
}
