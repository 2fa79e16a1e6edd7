// Icons in the color of the text. They are hidden from assistive technology; the element around them has the accessible
// name.
import type { JSX } from 'solid-js';

function Icon(props: { children: JSX.Element }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {props.children}
    </svg>
  );
}

export const Bell = (): JSX.Element => (
  <Icon>
    <path d="M8 2.2 C5.6 2.2 4.2 3.9 4.2 6.2 C4.2 9.4 2.9 10.4 2.4 11.4 H13.6 C13.1 10.4 11.8 9.4 11.8 6.2 C11.8 3.9 10.4 2.2 8 2.2 Z" />
    <path d="M6.6 13.2 C6.9 13.9 7.4 14.2 8 14.2 C8.6 14.2 9.1 13.9 9.4 13.2" />
  </Icon>
);

export const Gear = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="2" />
    <circle cx="8" cy="8" r="4.6" />
    <path d="M8 1.4 V3.4 M8 12.6 V14.6 M1.4 8 H3.4 M12.6 8 H14.6 M3.33 3.33 L4.75 4.75 M11.25 11.25 L12.67 12.67 M3.33 12.67 L4.75 11.25 M11.25 4.75 L12.67 3.33" />
  </Icon>
);

export const Pencil = (): JSX.Element => (
  <Icon>
    <path d="M3 13 L3.6 10.4 L10.8 3.2 L12.8 5.2 L5.6 12.4 Z M9.4 4.6 L11.4 6.6" />
  </Icon>
);

export const Eye = (props: { open: boolean }): JSX.Element => (
  <Icon>
    <path d="M1.6 8 C3.2 5.2 5.4 3.8 8 3.8 C10.6 3.8 12.8 5.2 14.4 8 C12.8 10.8 10.6 12.2 8 12.2 C5.4 12.2 3.2 10.8 1.6 8 Z" />
    <circle cx="8" cy="8" r="1.9" />
    {props.open ? null : <path d="M3 13 L13 3" />}
  </Icon>
);

export const Pin = (): JSX.Element => (
  <Icon>
    <path d="M5.4 2.4 H10.6 M6.2 2.4 V6.4 L4 9.2 H12 L9.8 6.4 V2.4 M8 9.2 V14" />
  </Icon>
);

/** A bell struck through. */
export const MutedBell = (): JSX.Element => (
  <Icon>
    <path d="M8 2.2 C5.6 2.2 4.2 3.9 4.2 6.2 C4.2 9.4 2.9 10.4 2.4 11.4 H13.6 C13.1 10.4 11.8 9.4 11.8 6.2 C11.8 3.9 10.4 2.2 8 2.2 Z M2.6 14 L13.4 2" />
  </Icon>
);

export const Cross = (): JSX.Element => (
  <Icon>
    <path d="M4 4 L12 12 M12 4 L4 12" />
  </Icon>
);

export const Chevron = (): JSX.Element => (
  <Icon>
    <path d="M6 3.5 L10.5 8 L6 12.5" />
  </Icon>
);
