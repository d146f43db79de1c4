/**
 * Purpose: answer an HTTP or RTSP authentication challenge (RFC 7616 and 2617, MD5 or SHA-256, qop=auth or none; Basic).
 * Refuses: anything else with null, so that a camera cannot make us send a password in a form we did not choose:
 * Basic is used only when no usable Digest challenge was offered, and never where the camera once did without (login-memory.ts).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Door, LoginMemory } from './login-memory.ts';

export interface Login {
  /** Empty: no login. */
  readonly user: string;
  readonly password: string;
  /** How this camera let us in before; absent: nobody remembers it. */
  readonly memory?: LoginMemory | undefined;
}

/** The challenges of one `WWW-Authenticate` header, which may carry several. */
export function splitChallenges(header: string | undefined): string[] {
  return header === undefined ? [] : header.split(/,\s*(?=(?:Basic|Digest)\s)/i);
}

/** All challenges among the headers of a reply. */
export const challengesOf = (headers: readonly (readonly [string, string])[]): string[] =>
  headers
    .filter(([name]) => name.toLowerCase() === 'www-authenticate')
    .flatMap(([, value]) => splitChallenges(value));

/** Real challenges are a few hundred bytes; a long one costs time that all cameras share. */
const CHALLENGE_CHARS_MAX = 2_048;

function fields(challenge: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  if (challenge.length > CHALLENGE_CHARS_MAX) return found;
  for (const match of challenge.matchAll(/([a-z0-9_-]{1,32})\s*=\s*(?:"([^"]*)"|([^\s,]+))/gi))
    found[(match[1] as string).toLowerCase()] = match[2] ?? match[3] ?? '';
  return found;
}

/** Nothing that ends a quoted string or a header: whatever a camera calls itself. */
const safe = (text: string): string =>
  [...text].filter((sign) => sign >= ' ' && sign !== '\x7f' && sign !== '"' && sign !== '\\').join('');
/** A header carries bytes, each as one sign; ours are UTF-8 (RFC 7616, 3.4), and what a camera sent comes back as it was. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

interface AuthorizedRequest {
  readonly method: string;
  readonly uri: string;
}

/** The Authorization header's value; null when no challenge can be answered. `count`: how often its nonce was used, from 1. */
export function answerChallenge(
  challenges: readonly string[],
  login: Login,
  request: AuthorizedRequest,
  count = 1,
): string | null {
  for (const challenge of challenges.filter((one) => /^\s*digest\b/i.test(one))) {
    const answer = answerDigest(fields(challenge), login, request, count);
    if (answer !== null) return answer;
  }
  if (challenges.some((one) => /^\s*basic\b/i.test(one)))
    return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  return null;
}

export const isBasic = (authorization: string | null): boolean =>
  authorization?.startsWith('Basic ') ?? false;

/** What a challenge comes to: it can be answered, it cannot, or only in a way that would give away what this camera never needed. */
type Challenged = 'answered' | 'unusable' | 'basic-refused';

export function judgeChallenge(challenges: readonly string[], login: Login, door: Door): Challenged {
  const answer = login.user === '' ? null : answerChallenge(challenges, login, { method: '', uri: '' });
  if (answer === null) return 'unusable';
  return isBasic(answer) && login.memory?.mayBasic(door) === false ? 'basic-refused' : 'answered';
}

/** The answers of one connection, on which a challenge holds until the next one. */
export interface ChallengeAnswers {
  challenged(challenges: readonly string[]): Challenged;
  /** Null before a challenge. */
  answer(request: AuthorizedRequest): string | null;
  /** The camera let us in by the answer given last. `unasked`: also where there was none, as it never asked. */
  entered(unasked: boolean): void;
}

export function createChallengeAnswers(login: Login, door: Door): ChallengeAnswers {
  let current: readonly string[] = [];
  let last: string | null = null;
  let count = 0;
  return {
    challenged(challenges) {
      const judged = judgeChallenge(challenges, login, door);
      if (judged !== 'answered') return judged;
      current = challenges;
      count = 0;
      return judged;
    },
    answer(request) {
      if (current.length > 0) last = answerChallenge(current, login, request, ++count);
      return last;
    },
    entered(unasked) {
      if (login.user !== '' && (unasked || last !== null)) login.memory?.entered(door, isBasic(last));
    },
  };
}

function answerDigest(
  parts: Readonly<Record<string, string>>,
  login: Login,
  request: AuthorizedRequest,
  count: number,
): string | null {
  const { realm = '', nonce = '', opaque, algorithm = 'MD5', qop } = parts;
  const name =
    algorithm.toUpperCase() === 'MD5' ? 'md5' : algorithm.toUpperCase() === 'SHA-256' ? 'sha256' : null;
  if (name === null || nonce === '') return null;
  const withQop = qop?.split(',').some((one) => one.trim() === 'auth') ?? false;
  if (qop !== undefined && !withQop) return null;
  const hash = (bytes: string) => createHash(name).update(bytes, 'latin1').digest('hex');
  const ha1 = hash(`${asBytes(login.user)}:${realm}:${asBytes(login.password)}`);
  const ha2 = hash(`${request.method}:${request.uri}`);
  const cnonce = randomBytes(8).toString('hex');
  const nc = count.toString(16).padStart(8, '0');
  const response = withQop
    ? hash(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`)
    : hash(`${ha1}:${nonce}:${ha2}`);
  const out = [
    `username="${asBytes(safe(login.user))}"`,
    `realm="${safe(realm)}"`,
    `nonce="${safe(nonce)}"`,
    `uri="${safe(request.uri)}"`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
  ];
  if (withQop) out.push('qop=auth', `nc=${nc}`, `cnonce="${cnonce}"`);
  if (opaque !== undefined) out.push(`opaque="${safe(opaque)}"`);
  return `Digest ${out.join(', ')}`;
}
