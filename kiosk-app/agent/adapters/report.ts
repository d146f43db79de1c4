/** JSON lines for scripts on stdout (with --json), sentences for people on stderr, Vietnamese first. */
import type { Reporter } from '../application/ports.ts';

export function reporter(json: boolean): Reporter {
  return {
    line(value) {
      if (!json) return;
      // Every line has the same four fields; what an event has none of is null.
      const { event, ...rest } = value;
      process.stdout.write(
        `${JSON.stringify({ event, id: null, transaction: null, level: null, ...rest })}\n`,
      );
    },
    say(vi, en) {
      process.stderr.write(`${vi} / ${en}\n`);
    },
  };
}
