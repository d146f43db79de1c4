import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';
import { PhoneIcon } from './icons.tsx';
import { Key } from './key.tsx';

/** "Đánh giá riêng trên điện thoại": the same at every question and on the chips. */
export function PrivateKey(): ReactNode {
  const { text, press } = useKiosk();
  return (
    <Key kind="private" onPress={() => press({ type: 'private' })}>
      <PhoneIcon />
      <span>{keepWords(text.goPrivate)}</span>
    </Key>
  );
}
