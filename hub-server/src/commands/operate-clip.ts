/** `clip`: the files of a case's footage, by somebody's token. See hub-server/DESIGN.md, "Cases and who watched". */
import { actReason } from '@hailong/shared/protocol/acts.ts';
import { utcMs } from '@hailong/shared/time.ts';
import { z } from 'zod';
import { mustBeOf, userOfToken } from '../application/accounts/personal-tokens.ts';
import type { FootageViews } from '../application/core-port.ts';
import { listClip } from '../application/footage/list-clip.ts';
import type { AdminParts } from '../application/web-parts.ts';

export const clipOperation = z.object({
  verb: z.literal('clip'),
  token: z.string().max(100),
  case: z.string().trim().max(60),
  transaction: z.string().trim().max(60).nullable(),
  interval: z.string().max(60).nullable(),
  wider: z.object({ from: utcMs, to: utcMs, reason: actReason.nullable() }).nullable(),
});

export async function operateClip(
  parts: AdminParts,
  footage: FootageViews,
  asked: z.infer<typeof clipOperation>,
): Promise<readonly Record<string, unknown>[]> {
  const user = await userOfToken(parts, asked.token, 'footage');
  mustBeOf(user, 'inspector');
  const { verb: _verb, token: _token, ...of } = asked;
  return listClip({ ...parts, footage }, user, of);
}
