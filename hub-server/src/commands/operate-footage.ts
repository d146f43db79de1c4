/** Verbs of the command line about footage: under the policy of the page that shows the same, and its row of the log. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import { type ActRequest, actReason } from '@hailong/shared/protocol/acts.ts';
import { holdKind } from '@hailong/shared/protocol/holds.ts';
import { utcMs } from '@hailong/shared/time.ts';
import { z } from 'zod';
import { policyOf } from '../adapters/http/policy.ts';
import { userOfToken } from '../application/accounts/personal-tokens.ts';
import { askAct } from '../application/acts/ask-act.ts';
import type { RecorderControl } from '../application/core-port.ts';
import { caseNamed } from '../application/footage/case-named.ts';
import { listHoldsOn } from '../application/footage/list-holds.ts';
import { repairFootage } from '../application/footage/repair-footage.ts';
import { showCoverage } from '../application/footage/show-coverage.ts';
import type { AdminParts } from '../application/web-parts.ts';
import { actorOf, admit } from '../domain/access/policy-law.ts';
import { token } from './operate-acts.ts';
import { counterNamed } from './place-named.ts';

/** Holds of one answer: read within milliseconds, so that nobody beside waits for a long list. */
const HOLDS_AT_ONCE = 1_000;

export const footageOperations = [
  z.object({
    verb: z.literal('coverage'),
    ...{ camera: z.string().max(80), day: z.string().max(10), token },
  }),
  z.object({ verb: z.literal('footage-repair'), apply: z.boolean(), token }),
  z.object({
    verb: z.literal('hold-list'),
    ...{ token, kind: holdKind.nullable(), after: z.string().max(150).nullable() },
  }),
  z.object({
    verb: z.literal('hold-add'),
    ...{ camera: z.string().max(80), from: utcMs, to: utcMs, until: utcMs },
    /** Its number or id; null: without a case. */
    ...{ case: z.string().trim().min(1).max(60).nullable(), reason: actReason, token },
  }),
  z.object({ verb: z.literal('hold-end'), hold: z.string().min(1).max(80), reason: actReason, token }),
  z.object({
    verb: z.literal('counter-reported'),
    ...{ counter: z.string().max(60), upTo: utcMs.nullable(), reason: actReason, token },
  }),
] as const;
export type FootageOperation = z.infer<(typeof footageOperations)[number]>;

type User = Awaited<ReturnType<typeof userOfToken>>;

/** The page's policy decides for the command too. */
function mustMay(user: User, method: string, path: string): void {
  if (!admit(policyOf(method, path)?.who ?? [], [user]).admitted) throw new CodedError('access.refused');
}

/** By id, or by its name. */
async function cameraNamed(parts: AdminParts, text: string): Promise<CameraId> {
  const cameras = await parts.storage.directory.cameras();
  const held = cameras.find(({ id, name }) => id === text || name.toUpperCase() === text.toUpperCase());
  if (!held) throw new CodedError('reference.unknown', `camera ${text}`);
  return held.id;
}

export async function operateFootage(
  parts: AdminParts,
  recorder: RecorderControl | null,
  asked: FootageOperation,
): Promise<readonly Record<string, unknown>[]> {
  switch (asked.verb) {
    case 'coverage': {
      const user = await userOfToken(parts, asked.token, 'footage');
      mustMay(user, 'GET', '/api/v1/coverage');
      const { spans, latencies, clock, ...day } = await showCoverage(parts, {
        ...{ cameraId: await cameraNamed(parts, asked.camera), day: asked.day, actor: actorOf(user) },
        readerId: user.userId,
        recorderAway: !(recorder?.isConnected() ?? false),
      });
      return [
        ...spans.map((span) => ({ event: 'span', ...span })),
        ...latencies.map((part) => ({ event: 'latency', ...part })),
        ...clock.filter(({ at }) => at >= day.from).map((told) => ({ event: 'clock', ...told })),
        { event: 'day', ...day },
      ];
    }
    case 'footage-repair': {
      const user = await userOfToken(parts, asked.token, 'footage');
      if (!user.roles.includes('admin')) throw new CodedError('access.refused');
      if (recorder === null) throw new CodedError('footage.recorder_away');
      const who = { apply: asked.apply, by: actorOf(user) };
      const { more: _, ...found } = await repairFootage({ ...parts, recorder }, who);
      return [{ event: asked.apply ? 'repaired' : 'found', ...found }];
    }
    case 'hold-list': {
      const { kind, after } = asked;
      const user = await userOfToken(parts, asked.token, 'hold', after !== null);
      mustMay(user, 'GET', '/api/v1/holds');
      const { holds, ...page } = await listHoldsOn(parts, user.userId, {
        ...{ kind, after, limit: HOLDS_AT_ONCE, isCounted: after === null },
      });
      return [...holds.map((hold) => ({ event: 'hold', ...hold })), { event: 'page', ...page }];
    }
    case 'hold-add': {
      const cameraId = await cameraNamed(parts, asked.camera);
      const { from, to, until, reason } = asked;
      const user = await userOfToken(parts, asked.token, 'hold');
      const caseId = asked.case === null ? null : (await caseNamed(parts, user, asked.case)).id;
      const body = { cameraId, from, to, until, caseId };
      return ask(parts, asked.token, { kind: 'hold-add', body, reason });
    }
    case 'hold-end':
      return ask(parts, asked.token, { kind: 'hold-end', body: { hold: asked.hold }, reason: asked.reason });
    case 'counter-reported': {
      const body = {
        counterId: await counterNamed(parts, asked.counter),
        upTo: asked.upTo ?? parts.clock.now(),
      };
      return ask(parts, asked.token, { kind: 'counter-reported', body, reason: asked.reason });
    }
  }
}

/** The first of two people; `approve ID` under another token makes it happen. */
async function ask(
  parts: AdminParts,
  token: string,
  request: ActRequest,
): Promise<Record<string, unknown>[]> {
  const user = await userOfToken(parts, token, 'hold');
  return [{ event: 'act', ...(await askAct(parts, user, request)) }];
}
