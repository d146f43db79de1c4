/** Verbs of the command line that somebody's token acts by, and the tokens themselves. */
import { CodedError } from '@hailong/shared/errors.ts';
import { actReason } from '@hailong/shared/protocol/acts.ts';
import { TOKEN_DAYS_MAX, tokenScope } from '@hailong/shared/protocol/tokens.ts';
import { utcMs } from '@hailong/shared/time.ts';
import { z } from 'zod';
import { issueToken, mustBeOf, revokeToken, userOfToken } from '../application/accounts/personal-tokens.ts';
import { approveAct } from '../application/acts/approve-act.ts';
import { listActs } from '../application/acts/list-acts.ts';
import { refuseAct } from '../application/acts/refuse-act.ts';
import { changePackageRule } from '../application/evidence/change-package-rule.ts';
import { exportCase } from '../application/evidence/export-case.ts';
import { findPackageFaults, repairPackages } from '../application/evidence/repair-packages.ts';
import type { AdminParts } from '../application/web-parts.ts';
import { actorOf } from '../domain/access/policy-law.ts';

/** Whose act it is. */
export const token = z.string().max(100);
const id = z.string().max(60);
const days = z.int().min(1).max(3650);

export const actOperations = [
  z.object({ verb: z.literal('act-list'), token: token.nullable() }),
  z.object({ verb: z.literal('act-approve'), id, token }),
  z.object({ verb: z.literal('act-refuse'), id, token, reason: actReason }),
  z.object({
    verb: z.literal('token-issue'),
    ...{ user: z.string().max(60), name: z.string().trim().min(1).max(60) },
    ...{ scopes: z.array(tokenScope).min(1).max(4), days: z.int().min(1).max(TOKEN_DAYS_MAX) },
  }),
  z.object({ verb: z.literal('token-list'), user: z.string().max(60) }),
  z.object({ verb: z.literal('token-revoke'), id }),
  z.object({
    verb: z.literal('evidence-export'),
    ...{ case: z.string().max(60), token, again: z.boolean(), take: z.boolean() },
    ...{ purpose: actReason.nullable(), legalBasis: actReason.nullable() },
    interval: z.object({ from: utcMs, to: utcMs }).nullable(),
  }),
  z.object({ verb: z.literal('evidence-repair'), token, apply: z.boolean() }),
  z.object({
    verb: z.literal('evidence-rule'),
    token,
    fetchedDays: days.nullable(),
    closedDays: days.nullable(),
  }),
] as const;
export type ActOperation = z.infer<(typeof actOperations)[number]>;

const OPERATOR = 'operator';

async function userNamed(parts: AdminParts, username: string): Promise<string> {
  const held = await parts.storage.access.userByName({ username: username.trim().toLowerCase() });
  if (!held) throw new CodedError('reference.unknown', `user ${username}`);
  return held.id;
}

export async function operateActs(
  parts: AdminParts,
  asked: ActOperation,
): Promise<readonly Record<string, unknown>[]> {
  switch (asked.verb) {
    case 'act-list': {
      // Without a token: whoever can open the data folder reads what an administrator reads.
      const reader =
        asked.token === null
          ? { userId: OPERATOR, roles: ['admin'] as const }
          : await userOfToken(parts, asked.token, 'acts');
      return (await listActs(parts, reader)).map((act) => ({ event: 'act', ...act }));
    }
    case 'act-approve':
      return [
        {
          event: 'act',
          ...(await approveAct(parts, await userOfToken(parts, asked.token, 'acts'), asked.id)),
        },
      ];
    case 'act-refuse': {
      const { id: act, reason } = asked;
      const user = await userOfToken(parts, asked.token, 'acts');
      return [{ event: 'act', ...(await refuseAct(parts, user, { id: act, reason })) }];
    }
    case 'token-issue': {
      const { name, scopes, days } = asked;
      const userId = await userNamed(parts, asked.user);
      return [
        { event: 'token', ...(await issueToken(parts, { userId, actor: OPERATOR, name, scopes, days })) },
      ];
    }
    case 'token-list': {
      const held = await parts.storage.tokens.of({ userId: await userNamed(parts, asked.user) });
      return held.map((each) => ({ event: 'token', ...each }));
    }
    case 'evidence-export': {
      const user = await userOfToken(parts, asked.token, 'export');
      mustBeOf(user, 'inspector');
      return [{ event: 'evidence', ...(await exportCase(parts, user, asked)) }];
    }
    case 'evidence-repair': {
      const user = await userOfToken(parts, asked.token, 'export');
      if (!user.roles.includes('admin')) throw new CodedError('access.refused');
      const disk = { ...parts, folders: parts.evidence.folders };
      return asked.apply
        ? [{ event: 'repaired', ...(await repairPackages(disk, actorOf(user))) }]
        : [{ event: 'found', ...(await findPackageFaults(disk)) }];
    }
    case 'evidence-rule': {
      const user = await userOfToken(parts, asked.token, 'export');
      if (!user.roles.includes('admin')) throw new CodedError('access.refused');
      return [{ event: 'rule', ...(await changePackageRule(parts, actorOf(user), asked)) }];
    }
    case 'token-revoke':
      await revokeToken(parts, { id: asked.id, userId: null, actor: OPERATOR });
      return [{ event: 'token-revoked', id: asked.id }];
  }
}
