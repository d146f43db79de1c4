/**
 * The forms of the hub's answers as types only: the schemas themselves stay at the hub, which parses every request
 * with them, so that a page carries no validator. Source: shared/src/protocol/http.ts.
 */
import type {
  adminLists,
  apiKeyAnswer,
  auditAnswer,
  caseList,
  clipSummary,
  dashboardBy,
  dashboardEvents,
  enrolCodeAnswer,
  probeResult,
  reviewAnswer,
  sessionAnswer,
  setupAnswer,
  transactionList,
} from '@hailong/shared/protocol/http.ts';

type Out<S extends { _zod: { output: unknown } }> = S['_zod']['output'];

export type SessionAnswer = Out<typeof sessionAnswer>;
export type SetupAnswer = Out<typeof setupAnswer>;
export type TransactionList = Out<typeof transactionList>;
export type CaseList = Out<typeof caseList>;
export type ClipSummary = Out<typeof clipSummary>;
export type DashboardBy = Out<typeof dashboardBy>;
export type DashboardEvents = Out<typeof dashboardEvents>;
export type EnrolCodeAnswer = Out<typeof enrolCodeAnswer>;
export type ApiKeyAnswer = Out<typeof apiKeyAnswer>;
export type AuditAnswer = Out<typeof auditAnswer>;
export type ProbeResult = Out<typeof probeResult>;
export type ReviewAnswer = Out<typeof reviewAnswer>;
export type AdminLists = { [K in keyof typeof adminLists]: Out<(typeof adminLists)[K]> };
export type Role = SessionAnswer['user']['roles'][number];

/** A closed code with both languages and what to do next; `where` names the fields. Source: errors.ts. */
export interface Problem {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly remedy: { readonly vi: string; readonly en: string };
  readonly where?: readonly { readonly path: string; readonly message: string }[] | undefined;
}
