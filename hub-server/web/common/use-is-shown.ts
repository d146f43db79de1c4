/** Whether what uses it still stands on the page: an answer that comes later must not act on what is there by then. */
import { type RefObject, useEffect, useRef } from 'react';

export function useIsShown(): Readonly<RefObject<boolean>> {
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return isShown;
}
