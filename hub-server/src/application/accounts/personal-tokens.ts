/**
 * Purpose: personal tokens: made and revoked by their person (or the operator), and who a command acts as when it names one.
 * Refuses: with one answer a token that is unknown, revoked, past its day, of somebody who may not log in, or made for
 * something else. A token has its person's roles of that moment, never more.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';
import { TOKEN_DAYS_MAX, type TokenMade, type TokenScope } from '@hailong/shared/protocol/tokens.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { Identity } from '../../domain/access/policy-law.ts';
import type { AdminParts } from '../web-parts.ts';

const DAY_MS = 86_400_000;
/** What a command goes on with follows within this: a page of a list is read at once. */
const AGAIN_MS = 600_000;
const TOKEN = /^hlt_[A-Za-z0-9_-]{43}$/;

type User = Extract<Identity, { kind: 'user' }>;

export async function issueToken(
  parts: AdminParts,
  input: {
    readonly userId: string;
    readonly actor: string;
    readonly name: string;
    readonly scopes: readonly TokenScope[];
    readonly days: number;
  },
): Promise<TokenMade> {
  const { secrets, clock, storage } = parts;
  const [id, token, at] = [secrets.id(), `hlt_${secrets.token()}`, clock.now()];
  const { userId, actor, name } = input;
  const scopes = [...new Set(input.scopes)];
  const expiresAt = (at + Math.min(input.days, TOKEN_DAYS_MAX) * DAY_MS) as UtcMs;
  await storage.tokens.issue({
    ...{ id, userId, tokenHash: secrets.hash(token), name, scopes, expiresAt },
    audit: {
      ...{ at, actor, action: 'token.issued', object: `token:${id}`, reason: null },
      // Not what its person calls it: the row goes along in packages of cases, word for word.
      body: { user: userId, scopes, expiresAt },
    },
  });
  return { id, token, expiresAt };
}

/** `userId` null: the operator, who may revoke anybody's. */
export async function revokeToken(
  parts: AdminParts,
  input: { readonly id: string; readonly userId: string | null; readonly actor: string },
): Promise<void> {
  const { id, userId, actor } = input;
  const audit = {
    ...{ at: parts.clock.now(), actor, action: 'token.revoked' as const },
    ...{ object: `token:${id}`, reason: null },
  };
  if (!(await parts.storage.tokens.revoke({ id, userId, audit }))) throw new CodedError('request.not_found');
}

/** What the policy table asks of a page, a command asks of its token's person. */
export function mustBeOf(user: User, role: Role): void {
  if (!user.roles.includes(role)) throw new CodedError('access.refused', role);
}

/**
 * Whoever acts by this token; their session is the token. `isAgain`: it goes on with what it was used for in these minutes, and is judged
 * anew without being noted anew; the caller's word for that is not enough.
 */
export async function userOfToken(
  parts: AdminParts,
  token: string,
  scope: TokenScope,
  isAgain = false,
): Promise<User> {
  const { tokens } = parts.storage;
  const asked = { tokenHash: parts.secrets.hash(token), at: parts.clock.now() };
  if (!TOKEN.test(token)) throw new CodedError('access.token');
  const held = isAgain ? await tokens.look(asked) : null;
  const isNoted = held?.usedAt != null && Math.abs(asked.at - held.usedAt) < AGAIN_MS;
  const used = isNoted ? held : await tokens.use(asked);
  if (!used?.scopes.includes(scope)) throw new CodedError('access.token');
  const { id: userId, username, name, roles } = used.user;
  return { kind: 'user', userId, username, name, roles, sessionId: `token:${used.id}` };
}
