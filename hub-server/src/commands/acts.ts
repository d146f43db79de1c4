/**
 * `hailong-hub acts list`, `approve ID`, `refuse ID`, `token issue|list|revoke`: what waits for a second person, and the tokens
 * that say who acts. Refuses: the same person twice; see domain/access/act-law.ts.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import { type TokenScope, tokenScope } from '@hailong/shared/protocol/tokens.ts';
import { type ExitCode, type Flags, json, say } from './command-line.ts';
import { printActs } from './list-tables.ts';
import type { Operation } from './operate.ts';
import { withData } from './with-data.ts';

const DAYS = 30;

async function ask(flags: Flags, asked: Operation): Promise<void> {
  for (const line of await withData(flags.need('data'), asked)) json(line);
}

function idOf(flags: Flags, command: string): string {
  const [id, ...more] = flags.words;
  if (id === undefined || more.length > 0) throw new CodedError('program.usage', command);
  return id;
}

export async function acts(flags: Flags): Promise<ExitCode> {
  if (flags.words.join(' ') !== 'list') throw new CodedError('program.usage', 'acts list');
  const lines = await withData(flags.need('data'), { verb: 'act-list', token: flags.text('token') ?? null });
  if (flags.has('json')) for (const line of lines) json(line);
  else printActs(lines as unknown as readonly ActAnswer[]);
  return 0;
}

export async function approve(flags: Flags): Promise<ExitCode> {
  await ask(flags, { verb: 'act-approve', id: idOf(flags, 'approve ID'), token: flags.need('token') });
  say('Hai người đã quyết định; đã ghi vào nhật ký.', 'Two people have decided; it is in the log.');
  return 0;
}

export async function refuse(flags: Flags): Promise<ExitCode> {
  const [id, token, reason] = [idOf(flags, 'refuse ID'), flags.need('token'), flags.need('reason')];
  await ask(flags, { verb: 'act-refuse', id, token, reason });
  return 0;
}

function scopesOf(flags: Flags): TokenScope[] {
  const scopes = flags.all('scope').flatMap((each) => each.split(','));
  return scopes.map((each) => {
    const scope = tokenScope.safeParse(each);
    if (!scope.success) throw new CodedError('program.usage', `--scope ${tokenScope.options.join('|')}`);
    return scope.data;
  });
}

export async function tokens(flags: Flags): Promise<ExitCode> {
  const [verb, id, ...more] = flags.words;
  if (verb === 'issue' && id === undefined) {
    const scopes = scopesOf(flags);
    if (scopes.length === 0) throw new CodedError('program.usage', '--scope');
    const days = flags.number('days', 1, 90) ?? DAYS;
    await ask(flags, {
      ...{ verb: 'token-issue', user: flags.need('user'), name: flags.need('name'), scopes, days },
    });
    say(
      'Mã chỉ hiện một lần; ai giữ nó là làm thay người này.',
      'Shown once; whoever holds it acts as them.',
    );
    return 0;
  }
  if (verb === 'list' && id === undefined) await ask(flags, { verb: 'token-list', user: flags.need('user') });
  else if (verb === 'revoke' && id !== undefined && more.length === 0)
    await ask(flags, { verb: 'token-revoke', id });
  else throw new CodedError('program.usage', 'token issue|list|revoke');
  return 0;
}
