/*
 * Every hailong command that the documents print is run, with real folders, codes and addresses in the places of
 * D, K, C, URL, CODE and the like, and does what the document says: servers listen, kiosks get ready, the others end.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandsOf, documents } from '../support/documents.ts';
import { enrolCode, setupDemoHub, startHub } from '../support/office.ts';
import { hubBin, kioskBin } from '../support/paths.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const env = { HAILONG_CAMERAS: 'off' };
const commands = [...new Set((await documents()).flatMap(commandsOf))].filter((each) =>
  each.startsWith('npx hailong-'),
);

let folder: TempFolder;
let backup = '';
let inspector = '';
let running: { program: Program; url: string };
let certificate = false;
const at = (name: string) => `${folder.path}/${name}`;

beforeAll(async () => {
  folder = await tempFolder('documents');
  const setup = await setupDemoHub(at('office'));
  const { recoveryKey } = setup as unknown as { recoveryKey: string };
  inspector = setup.users.find(({ roles }) => roles.includes('inspector'))?.username ?? '';
  writeFileSync(at('recovery.txt'), recoveryKey);
  const made = await runProgram(hubBin, ['backup', at('backups'), '--data', at('office'), '--json']);
  backup = String(made.lines.at(-1)?.['folder']);
  running = await startHub(at('office'));
  const files = ['-keyout', at('key.pem'), '-out', at('cert.pem')];
  const openssl = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=localhost', '-days', '2'],
    ...files,
  ]);
  certificate = openssl.status === 0;
});
afterAll(async () => {
  await running?.program.stop();
  await folder?.remove();
});

test('the documents print the main commands', () => {
  for (const main of ['hub serve', 'hub setup', 'hub enrol-code', 'hub camera', 'kiosk run'])
    expect(
      commands.some((each) => each.startsWith(`npx hailong-${main}`)),
      main,
    ).toBe(true);
});

let count = 0;
/** The words as a shell would give them, each placeholder replaced by something real. */
async function filledIn(words: readonly string[]): Promise<string[]> {
  count += 1;
  const serving = words[0] === 'serve' || words[0] === 'setup';
  const code = words.includes('CODE') ? await enrolCode(at('office'), 'counter', '5A') : '';
  const real: Record<string, string> = {
    D: serving ? at(`hub-${count}`) : at('office'),
    D2: at(`hub-${count}`),
    K: at(`kiosk-${count}`),
    K2: at(`kiosk-${count}`),
    C: '5A',
    CODE: code,
    URL: running.url,
    CERT: at('cert.pem'),
    KEY: at('key.pem'),
    ADDRESS: 'rtsp://127.0.0.1:9/none',
    USER: 'viewer',
    U: inspector,
    DIR: at('backups'),
    BACKUP: backup,
    NEW: at(`new-${count}`),
    FILE: at('recovery.txt'),
  };
  return words.map((word, index) => {
    const before = words[index - 1];
    if (before === '--port') return '0';
    if (before === '--hub') return running.url;
    if (before === '--host') return '127.0.0.1';
    if (before === '--panel') return 'none';
    return real[word] ?? word;
  });
}

test.for(commands)('%s', async (command, context) => {
  if (command.includes(' CERT ') && !certificate) context.skip('no openssl here to make a certificate');
  const [, name, ...words] = command.split(/\s+/);
  const bin = name === 'hailong-hub' ? hubBin : kioskBin;
  const args = await filledIn(words);
  if (words[0] === 'serve' || words[0] === 'run') {
    await using program = startProgram(bin, [...args, '--json'], { env });
    await program.line(words[0] === 'serve' ? 'listening' : 'ready');
    expect(await program.stop()).toBe(0);
    return;
  }
  const { code, stderr } = await runProgram(bin, args);
  // Nobody answers at the address that stands for a camera's: 1, a check that failed, and never 2, usage.
  expect(code, stderr).toBe(words[1] === 'probe' ? 1 : 0);
});
