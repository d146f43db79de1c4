/** Line icons of our own, 24 × 24, drawn in the colour of the text around them. */
import type { ReactNode } from 'react';

function Icon({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      {children}
    </svg>
  );
}

export const GlobeIcon = (): ReactNode => (
  <Icon name="globe">
    <circle cx="12" cy="12" r="9.5" />
    <ellipse cx="12" cy="12" rx="4.2" ry="9.5" />
    <path d="M3.4 8.6H20.6M3.4 15.4H20.6" />
  </Icon>
);

export const CameraIcon = (): ReactNode => (
  <Icon name="camera">
    <path d="M2 7H15V17H2ZM15 10.4 21.5 7.4V16.6L15 13.6" />
  </Icon>
);

export const TickIcon = (): ReactNode => (
  <Icon name="tick">
    <path d="M5 12.6 9.8 17.4 19 7.2" />
  </Icon>
);

/** The hub is out of reach: for the operator's eye; the citizen's screen works as ever. */
export const OfflineIcon = (): ReactNode => (
  <Icon name="offline">
    <path d="M9 7.5H6.5a4.5 4.5 0 0 0 0 9H9M15 7.5H17.5a4.5 4.5 0 0 1 0 9H15M12 3V6M12 18V21" />
  </Icon>
);
