/** Footage that browsers may not play (H.265), offered as files: inside the same case, by the same expiring address. */
import { z } from 'zod';
import { utcMs } from '../time.ts';

/** One unbroken stretch of a clip, one film; what lies between two of them is a gap. */
export const clipDownload = z.object({
  ...{ from: utcMs, to: utcMs },
  /** Of its segments on the disk; the film is a little smaller. */
  bytes: z.int().min(0),
  /** GET: MP4, whole or a range of it; the log's row stands before its first byte. */
  address: z.string(),
});
export type ClipDownload = z.infer<typeof clipDownload>;
