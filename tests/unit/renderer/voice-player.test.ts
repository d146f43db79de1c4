/* The voice: recordings one after the other, stopped at once, silent when one cannot be played. */
import { describe, expect, it } from 'vitest';
import { openVoicePlayer, type Sound } from '../../../kiosk-app/renderer/voice-player.ts';

class HandSound extends EventTarget implements Sound {
  playing = false;
  readonly address: string;
  readonly refuses: boolean;
  constructor(address: string, refuses = false) {
    super();
    this.address = address;
    this.refuses = refuses;
  }
  play(): Promise<void> {
    if (this.refuses) return Promise.reject(new Error('no such recording'));
    this.playing = true;
    return Promise.resolve();
  }
  pause(): void {
    this.playing = false;
  }
  end(): void {
    this.playing = false;
    this.dispatchEvent(new Event('ended'));
  }
}

function opened(refuses = false) {
  const sounds: HandSound[] = [];
  const said: boolean[] = [];
  const player = openVoicePlayer(
    (address) => {
      const sound = new HandSound(address, refuses);
      sounds.push(sound);
      return sound;
    },
    (speaking) => said.push(speaking),
  );
  return { player, sounds, said };
}

describe('the voice', () => {
  it('says one after the other and is done', () => {
    const { player, sounds, said } = opened();
    player.play(['q', '5', '4']);
    for (let at = 0; at < 3; at += 1) sounds[at]?.end();
    expect(sounds.map(({ address }) => address)).toEqual(['q', '5', '4']);
    expect(said).toEqual([true, false]);
  });

  it('is stopped in the middle of a word and does not go on', () => {
    const { player, sounds, said } = opened();
    player.play(['q', '5']);
    player.stop();
    sounds[0]?.end();
    expect(sounds).toHaveLength(1);
    expect(sounds[0]?.playing).toBe(false);
    expect(said).toEqual([true, false]);
  });

  it('says nothing where nothing is recorded, and ends where a recording cannot be played', async () => {
    const none = opened();
    none.player.play([]);
    expect(none.said).toEqual([]);
    const broken = opened(true);
    broken.player.play(['q', '5']);
    await Promise.resolve();
    await Promise.resolve();
    expect(broken.said).toEqual([true, false]);
    expect(broken.sounds).toHaveLength(1);
  });
});
