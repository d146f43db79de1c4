/**
 * Purpose: answer an HTTP or RTSP authentication challenge (RFC 7616 and 2617, MD5 or SHA-256, qop=auth or none; Basic).
 * Refuses: anything else with null, so that a camera cannot make us send a password in a form we did not choose:
 * Basic is used only when no usable Digest challenge was offered.
 */
import { createHash, randomBytes } from 'node:crypto';

export interface Login {
  readonly user: string;
  readonly password: string;
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

const safe = (text: string) => text.replace(/[\r\n"\\]/g, '');

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

/** The answers of one connection, on which a challenge holds until the next one. */
export interface ChallengeAnswers {
  /** False: this challenge cannot be answered. */
  challenged(challenges: readonly string[]): boolean;
  /** Null before a challenge. */
  answer(request: AuthorizedRequest): string | null;
}

export function createChallengeAnswers(login: Login): ChallengeAnswers {
  let current: readonly string[] = [];
  let count = 0;
  return {
    challenged(challenges) {
      if (login.user === '' || answerChallenge(challenges, login, { method: '', uri: '' }) === null)
        return false;
      current = challenges;
      count = 0;
      return true;
    },
    answer: (request) => (current.length === 0 ? null : answerChallenge(current, login, request, ++count)),
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
  const hash = (text: string) => createHash(name).update(text).digest('hex');
  const ha1 = hash(`${login.user}:${realm}:${login.password}`);
  const ha2 = hash(`${request.method}:${request.uri}`);
  const cnonce = randomBytes(8).toString('hex');
  const nc = count.toString(16).padStart(8, '0');
  const response = withQop
    ? hash(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`)
    : hash(`${ha1}:${nonce}:${ha2}`);
  const out = [
    `username="${safe(login.user)}"`,
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
