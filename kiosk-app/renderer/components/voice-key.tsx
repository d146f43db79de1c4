/**
 * Reads the question and its answers aloud, by the office's recordings, when somebody asks for it; absent where there
 * are none in the language on show. Any touch or key stops it.
 */
import type { Question } from '@hailong/shared/protocol/ui.ts';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { openVoicePlayer } from '../voice-player.ts';
import { StopIcon, VoiceIcon } from './icons.tsx';
import { Key } from './key.tsx';

export function VoiceKey({ voices }: { voices: Question['voices'] }): ReactNode {
  const { language, text, blobs } = useKiosk();
  const [speaking, setSpeaking] = useState(false);
  const player = useMemo(() => openVoicePlayer((address) => new Audio(address), setSpeaking), []);
  const clips = voices?.find((voice) => voice.language === language)?.clips;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language must end what is being said in this one
  useEffect(() => () => player.stop(), [player, language]);
  useEffect(() => {
    if (!speaking) return undefined;
    const stop = ({ target }: Event): void => {
      // Its own key stops it by being pressed; stopped here already, the press would start it again.
      if (!(target instanceof Element && target.closest('.key-icon'))) player.stop();
    };
    window.addEventListener('pointerdown', stop);
    window.addEventListener('keydown', stop);
    return () => {
      window.removeEventListener('pointerdown', stop);
      window.removeEventListener('keydown', stop);
    };
  }, [speaking, player]);
  if (clips === undefined) return null;
  return (
    <Key
      kind="icon"
      label={speaking ? text.stopListening : text.listen}
      onPress={() => (speaking ? player.stop() : player.play(clips.map((clip) => blobs.voiceUrl(clip))))}
    >
      {speaking ? <StopIcon /> : <VoiceIcon />}
    </Key>
  );
}
