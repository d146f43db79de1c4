/**
 * Speaks recordings of the office one after the other, and nothing else: no synthesis, no sound of its own, no sound by
 * a touch. It says only whether it is speaking; no screen waits for it.
 */
export interface Sound extends Pick<EventTarget, 'addEventListener'> {
  play(): Promise<void>;
  pause(): void;
}

export interface VoicePlayer {
  play(addresses: readonly string[]): void;
  stop(): void;
}

export function openVoicePlayer(
  open: (address: string) => Sound,
  onChange: (speaking: boolean) => void,
): VoicePlayer {
  let current: Sound | null = null;
  const stop = (): void => {
    if (current === null) return;
    current.pause();
    current = null;
    onChange(false);
  };
  const playFrom = (addresses: readonly string[], at: number): void => {
    const address = addresses[at];
    if (address === undefined) {
      stop();
      return;
    }
    const sound = open(address);
    current = sound;
    const only = (run: () => void) => () => {
      if (current === sound) run();
    };
    sound.addEventListener(
      'ended',
      only(() => playFrom(addresses, at + 1)),
    );
    // A recording that is not there or cannot be read ends the speaking; the question stands on the screen anyway.
    sound.addEventListener('error', only(stop));
    sound.play().catch(only(stop));
  };
  return {
    play(addresses) {
      stop();
      if (addresses.length === 0) return;
      onChange(true);
      playFrom(addresses, 0);
    },
    stop,
  };
}
