/* A repair says what disagrees and changes nothing, and mends it in somebody's name only when it is told to. */
import { existsSync, rmSync } from 'node:fs';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { expect, it } from 'vitest';
import { inspectFile } from '../../../hub-server/src/recorder/adapters/inspect-file.ts';
import { repairFootage } from '../../../hub-server/src/recorder/application/repair-footage.ts';
import { cameraA, openParts, putFilm, T0 } from './parts.ts';

it.skipIf(findFfmpeg() === null)(
  'names first, then mends: lost rows, strange files, files that should be gone',
  async () => {
    await using opened = await openParts();
    const parts = { ...opened, inspect: inspectFile };
    const kept: string[] = [];
    for (let i = 0; i < 4; i += 1) kept.push(await parts.keep(cameraA, T0 - i * 60_000));
    // Most rows lose their file: by itself nobody believes that, a person may.
    for (const file of kept.slice(1)) rmSync(parts.files.path(file));
    const going = await parts.keep(cameraA, T0 - 3_600_000);
    const [row] = parts.index.kept({}, 1);
    parts.ledger.deleted([row!.id], 'expired');
    const strange = `${cameraA}/strange/000001.mp4`;
    await putFilm(parts.files.path(strange), import.meta.filename, T0 - 600_000, 900);

    const found = await repairFootage(parts, { apply: false, by: 'user:an' });
    expect(found).toEqual({
      lost: { count: 3, files: kept.slice(1) },
      strange: { count: 1, files: [strange] },
      deleted: { count: 1, files: [going] },
      more: false,
    });
    expect([strange, going].map((file) => existsSync(parts.files.path(file)))).toEqual([true, true]);
    expect(parts.facts('segment.deleted')).toHaveLength(1);

    await repairFootage(parts, { apply: true, by: 'user:an' });
    expect([strange, going, kept[0]!].map((file) => existsSync(parts.files.path(file)))).toEqual([
      false,
      false,
      true,
    ]);
    expect(parts.facts('segment.deleted').slice(1)).toMatchObject(
      Array(3).fill({ reason: 'lost', by: 'user:an' }),
    );
    const nothing = { count: 0, files: [] };
    expect(await repairFootage(parts, { apply: false, by: 'user:an' })).toEqual({
      ...{ lost: nothing, strange: nothing, deleted: nothing, more: false },
    });
  },
);
