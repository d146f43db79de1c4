/**
 * The demo office: starts the shipped programs (hub with its recorder, one kiosk agent) beside simulators of a panel
 * on a real PTY and of an ONVIF camera, seeds people and places once, and puts the first officer on duty.
 * Nothing here is a shortcut into a program: it enrols, logs in and speaks HTTP like anyone else.
 * Data persists under the folder it names; Ctrl-C, SIGTERM or the death of its parent end every child.
 */
import { closeOffice, openOffice } from './office.ts';
import { type DemoOptions, readOptions, usage } from './options.ts';
import { explain } from './say.ts';

async function main(): Promise<number> {
  let options: DemoOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${String(error instanceof Error ? error.message : error)}\n\n${usage}`);
    return 2;
  }
  // `on`, not `once`: Ctrl-C reaches this program from the terminal and again from its starter.
  const stopped = new Promise<void>((done) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => done());
  });
  const ended = new AbortController();
  void stopped.then(() => ended.abort());
  try {
    const office = await openOffice(options, ended.signal);
    const fallen = await Promise.race([stopped.then(() => null), office.fallen]);
    if (fallen !== null) process.stderr.write(`${fallen}\n`);
    return fallen === null ? 0 : 1;
  } catch (error) {
    if (ended.signal.aborted) return 0;
    const { text, exitCode } = explain(error);
    process.stderr.write(`${text}\n`);
    return exitCode;
  } finally {
    await closeOffice();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
