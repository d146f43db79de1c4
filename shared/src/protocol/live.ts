/**
 * Hub → dashboard over the WebSocket `/api/v1/live`: hints only. A hint may be lost; whoever hears one later than
 * what it holds fetches again from its cursor.
 */
import { z } from 'zod';
import { counterId } from '../ids.ts';
import { stationAnswer } from './http.ts';

export const liveHint = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rating.recorded'), cursor: z.int(), month: z.string(), counterId }),
  z.object({ type: z.literal('transaction.changed'), cursor: z.int(), counterId }),
  z.object({ type: z.literal('device.changed'), counterId }),
  z.object({ type: z.literal('camera.changed') }),
  /** The hub noticed that it was set back, or has everything again. */
  z.object({ type: z.literal('hub.changed') }),
]);
export type LiveHint = z.infer<typeof liveHint>;

/** Hub → station over `/api/v1/station/live`. */
export const stationLive = z.object({ type: z.literal('station'), station: stationAnswer });
export type StationLive = z.infer<typeof stationLive>;
