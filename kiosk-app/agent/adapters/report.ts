/** JSON lines for scripts on stdout (with --json), sentences for people on stderr, Vietnamese first. */
import type { Reporter } from '../application/ports.ts';

export function reporter(json: boolean): Reporter {
  // A reader that has gone must not end the agent.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return {
    line(value) {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    say(vi, en) {
      process.stderr.write(`${vi} / ${en}\n`);
    },
  };
}
