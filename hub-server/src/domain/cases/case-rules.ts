/**
 * Purpose: what differs by the type of a case. A denunciation's words may name who brought it, so they stand in no log; its
 * officer never sees who watched; nobody counts it. Refuses: nothing; it answers.
 * Document: hub-server/DESIGN.md, "Cases and who watched".
 */
import type { CaseType } from '@hailong/shared/protocol/http.ts';

export interface CaseRule {
  /** Its purpose may stand in the log, which administrators read. */
  readonly logsWords: boolean;
  /** The officer filmed sees who watched once it was told or closed. */
  readonly tellsOfficer: boolean;
}

const OPEN: CaseRule = { logsWords: true, tellsOfficer: true };
export const CASE_RULES: Readonly<Record<CaseType, CaseRule>> = {
  verification: OPEN,
  feedback: OPEN,
  complaint: OPEN,
  appeal: OPEN,
  denunciation: { logsWords: false, tellsOfficer: false },
};

export const loggedPurpose = (of: { readonly type: CaseType; readonly purpose: string }): string | null =>
  CASE_RULES[of.type].logsWords ? of.purpose : null;
