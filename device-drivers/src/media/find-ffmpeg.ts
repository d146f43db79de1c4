/**
 * Purpose: where ffmpeg and ffprobe are: HAILONG_FFMPEG names ffmpeg itself, else the PATH is searched; ffprobe lies
 * beside it. On Linux they run under die-with-parent.sh, so that none outlives a killed recorder.
 * Refuses: starting without both (`ffmpeg.missing`); a copy in the current folder.
 */
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface FfmpegPlace {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** What to start instead of `ffmpeg`, with `launchOf` in its environment. */
  readonly launcher: string;
}

const suffix = process.platform === 'win32' ? '.exe' : '';

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Null: no usable ffmpeg here. */
export function findFfmpeg(
  env: Readonly<Record<string, string | undefined>> = process.env,
): FfmpegPlace | null {
  const named = env['HAILONG_FFMPEG'];
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const candidates = named ? [named] : folders.map((folder) => join(folder, `ffmpeg${suffix}`));
  for (const ffmpeg of candidates) {
    if (!isAbsolute(ffmpeg) || !runnable(ffmpeg)) continue;
    const beside = [dirname(ffmpeg), dirname(realpathSync(ffmpeg)), ...folders];
    const ffprobe = beside.map((folder) => join(folder, `ffprobe${suffix}`)).find(runnable);
    if (ffprobe !== undefined) return { ffmpeg, ffprobe, launcher: launcherFor(ffmpeg) };
  }
  return null;
}

/** Which program it is to start, and for which process: it runs nothing for one that has died meanwhile. */
export const launchOf = (program: string): Record<'HAILONG_FFMPEG' | 'HAILONG_FFMPEG_FOR', string> => ({
  HAILONG_FFMPEG: program,
  HAILONG_FFMPEG_FOR: String(process.pid),
});

function launcherFor(ffmpeg: string): string {
  const script = fileURLToPath(new URL('./die-with-parent.sh', import.meta.url));
  return process.platform === 'linux' && existsSync(script) && runnable(script) ? script : ffmpeg;
}
