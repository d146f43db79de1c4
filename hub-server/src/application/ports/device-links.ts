/** The live connections of kiosks, as the verbs need them. Nothing here is durable. */
export interface DeviceLinks {
  /** UTC ms of its hello; null: it is away. */
  onlineSince(device: string): number | null;
  /** Sends what is pending for the counter, if its device is connected. */
  offerIntents(counterId: string): Promise<void>;
  /** Every connected kiosk gets its counter's screen again. */
  configChanged(): Promise<void>;
  /** Kiosks that show this officer get the new profile. */
  profileChanged(officerId: string): Promise<void>;
  /** More lies on two media than before: connected kiosks hear up to where. */
  safeMoved(): Promise<void>;
  /** The same for every kiosk of a counter. */
  standingsChanged(counterId: string): Promise<void>;
  /** Has the page of these kiosks shown anew; answers those whose line took it. Nothing is kept for one that is away. */
  reload(devices: readonly string[]): readonly string[];
  /** Recovering may have ended or been set aside by something else than a kiosk's line. */
  recoveryChanged(): Promise<void>;
  /** The link ends, told why. */
  end(device: string, code: 'device.revoked'): void;
}
