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

/** A phone with a QR code on it. */
export const PhoneIcon = (): ReactNode => (
  <Icon name="phone">
    <rect x="6.2" y="1.8" width="11.6" height="20.4" rx="2.4" />
    <path
      className="icon-solid"
      d="M9 5.6h2.4V8H9ZM12.8 5.6h2.4V8h-2.4ZM9 9.4h2.4v2.4H9ZM13.6 9.9h1.5v1.5h-1.5Z"
    />
    <path d="M10.6 19.2H13.4" />
  </Icon>
);

export const VoiceIcon = (): ReactNode => (
  <Icon name="voice">
    <path d="M3 9.2H6.6L11.4 5V19L6.6 14.8H3Z" />
    <path d="M14.8 9.2a4 4 0 0 1 0 5.6M17.6 6.4a8 8 0 0 1 0 11.2" />
  </Icon>
);

export const StopIcon = (): ReactNode => (
  <Icon name="stop">
    <rect x="5.5" y="5.5" width="13" height="13" rx="1.5" />
  </Icon>
);

/** For the officer: leads to the PIN. */
export const OfficerIcon = (): ReactNode => (
  <Icon name="officer">
    <circle cx="8" cy="15.5" r="4.6" />
    <path d="M11.4 12.1 20.5 3M16.6 6.9 19.6 9.9" />
  </Icon>
);
