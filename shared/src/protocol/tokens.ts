/**
 * Personal tokens: a command names its actor with one (`--token`). GET/POST /api/v1/tokens, DELETE /api/v1/tokens/{id}: a
 * person's own. The token itself is shown once. A token has no more rights than its person has at that moment.
 */
import { z } from 'zod';
import { utcMs } from '../time.ts';

/** footage: see what there is and open it · hold: keep footage · export: evidence · acts: ask and decide acts of two people. */
export const tokenScope = z.enum(['footage', 'hold', 'export', 'acts']);
export type TokenScope = z.infer<typeof tokenScope>;
export const TOKEN_DAYS_MAX = 90;
export const tokenRequest = z.strictObject({
  name: z.string().trim().min(1).max(60),
  scopes: z.array(tokenScope).min(1).max(4),
  days: z.int().min(1).max(TOKEN_DAYS_MAX),
});
export const tokenMade = z.object({ id: z.uuid(), token: z.string(), expiresAt: utcMs });
export type TokenMade = z.infer<typeof tokenMade>;
export const tokenAnswer = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(tokenScope),
  createdAt: utcMs,
  expiresAt: utcMs,
  revokedAt: utcMs.nullable(),
  usedAt: utcMs.nullable(),
});
export const tokenList = z.object({ tokens: z.array(tokenAnswer) });
export type TokenList = z.infer<typeof tokenList>;
