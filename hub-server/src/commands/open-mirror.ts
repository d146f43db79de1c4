/** The second medium of the hub's own chain at a start: what it gives back, whether it is one, said aloud. */

import { mkdirSync } from 'node:fs';
import { CodedError } from '@hailong/shared/errors.ts';
import { onSecondMedium } from '../adapters/backup/made-backup.ts';
import { publicKeyOf, verifyEd25519 } from '../adapters/keys.ts';
import { type OpenedMirror, OwnMirror } from '../adapters/own-mirror/own-mirror.ts';
import { json, say, sayProblem } from './command-line.ts';
import type { OpenHub } from './open-hub.ts';

/** A medium that cannot be opened is said, and the hub starts without it. Answers how to close it. */
export async function openMirror(
  options: { readonly dataDir: string; readonly json: boolean },
  dir: string,
  hub: OpenHub,
): Promise<() => Promise<void>> {
  const { storage, admin, keys, clock } = hub;
  const hubKey = Buffer.from(keys.publicKey, 'base64url');
  const key = publicKeyOf(hubKey);
  let opened: OpenedMirror;
  let independent: boolean;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    independent = onSecondMedium(options.dataDir, dir);
    opened = await OwnMirror.open(dir, {
      ...{ ownChain: storage.ownChain, device: admin.own.device, hubKey, independent, now: clock.now },
      sign: keys.sign,
      verify: (bytes, sig) => verifyEd25519(key, bytes, sig),
      report: (error) => sayFailed(dir, error),
    });
  } catch (error) {
    sayFailed(dir, error);
    if (options.json) json({ event: 'mirror', dir, ok: false });
    return async () => undefined;
  }
  const { mirror, tookBack, refused, aside } = opened;
  admin.own.mirrorTo(mirror);
  if (options.json) json({ event: 'mirror', dir, ok: true, independent, tookBack, refused, aside });
  if (independent)
    say(`Chuỗi của máy chủ có bản thứ hai: ${dir}`, `The hub's own chain is kept twice: ${dir}`);
  else
    say(
      `${dir} nằm trên cùng ổ với dữ liệu: chưa phải bản thứ hai độc lập.`,
      `${dir} lies on the data's own device: it is no independent second medium.`,
    );
  if (aside !== null || refused > 0)
    say(
      `Bản thứ hai có chỗ hỏng (${refused}); tệp hỏng giữ tại ${aside ?? dir}`,
      `The second medium is damaged in places (${refused}); the damaged file is kept at ${aside ?? dir}`,
    );
  if (tookBack > 0) {
    await storage.recovery.mirrorAhead({ freshLineage: `u-${admin.secrets.id()}`, at: clock.now() });
    say(
      `Đã lấy lại ${tookBack} sự kiện của máy chủ từ bản thứ hai.`,
      `${tookBack} facts of the hub came back from the second medium.`,
    );
  }
  return () => mirror.close();
}

function sayFailed(dir: string, error: unknown): void {
  if (error instanceof CodedError) sayProblem(error.code, dir);
  else
    say(
      `Không ghi được bản thứ hai ${dir}: ${String(error)}. Việc ghi nhận vẫn tiếp tục.`,
      `The second medium ${dir} cannot be written: ${String(error)}. Recording goes on.`,
    );
}
