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

export const Search = (): JSX.Element => (
  <Icon>
    <circle cx="7" cy="7" r="4.2" />
    <path d="m10.2 10.2 3.3 3.3" />
  </Icon>
);

export const Bell = (): JSX.Element => (
  <Icon>
    <path d="M4 11V7.2a4 4 0 0 1 8 0V11l1.2 1.6H2.8zM6.7 14.6h2.6" />
  </Icon>
);

export const Gear = (): JSX.Element => (
  <Icon>
    <path d="M2.5 4.5h6M12.2 4.5h1.3M2.5 11.5h1.3M7.5 11.5h6" />
    <circle cx="10.2" cy="4.5" r="1.8" />
    <circle cx="5.6" cy="11.5" r="1.8" />
  </Icon>
);

export const Pencil = (): JSX.Element => (
  <Icon>
    <path d="m9.8 3.4 2.8 2.8-7 7-3.3.5.5-3.3zM8.4 4.8l2.8 2.8" />
  </Icon>
);

export const Pin = (): JSX.Element => (
  <Icon>
    <path d="M5.5 2.5h5M6.3 2.5v4.2L4.5 9h7L9.7 6.7V2.5M8 9v4.5" />
  </Icon>
);

/** A bell struck through. */
export const MutedBell = (): JSX.Element => (
  <Icon>
    <path d="M4 11V7.2a4 4 0 0 1 8 0V11l1.2 1.6H2.8zM6.7 14.6h2.6M2.6 13.4 13.4 2.2" />
  </Icon>
);

export const Cross = (): JSX.Element => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);

export const Chevron = (): JSX.Element => (
  <Icon>
    <path d="M6 3.5 L10.5 8 L6 12.5" />
  </Icon>
);

export const Copy = (): JSX.Element => (
  <Icon>
    <path d="M5.5 5.5h7v7h-7zM10.5 5.5v-2h-7v7h2" />
  </Icon>
);

/** An eye struck through. */
export const CrossedEye = (): JSX.Element => (
  <Icon>
    <path d="M1.8 8C3.4 5.2 5.5 3.9 8 3.9s4.6 1.3 6.2 4.1c-1.6 2.8-3.7 4.1-6.2 4.1S3.4 10.8 1.8 8zM2.8 13.4 13.2 2.6" />
    <circle cx="8" cy="8" r="1.9" />
  </Icon>
);

export const Branch = (): JSX.Element => (
  <Icon>
    <circle cx="4.5" cy="3.7" r="1.6" />
    <circle cx="4.5" cy="12.3" r="1.6" />
    <circle cx="11.5" cy="5.2" r="1.6" />
    <path d="M4.5 5.3v5.4M11.5 6.8c0 2.7-4.5 2-7 3.6" />
  </Icon>
);

/** Two arrows: up and down. */
export const Order = (): JSX.Element => (
  <Icon>
    <path d="M5 13V3.5M2.5 6 5 3.5 7.5 6M11 3v9.5M8.5 10l2.5 2.5 2.5-2.5" />
  </Icon>
);

/** A chevron that points down. */
export const Down = (): JSX.Element => (
  <Icon>
    <path d="m4.5 6.3 3.5 3.5 3.5-3.5" />
  </Icon>
);

/** The ring of the app icon. */
export const Logo = (): JSX.Element => (
  <svg class="logo" viewBox="0 0 16 16" aria-hidden="true">
    <path class="logo__track" d="M4.1 13.3a6.5 6.5 0 1 1 7.8 0" />
    <path class="logo__fill" d="M4.1 13.3A6.5 6.5 0 0 1 8 1.5" />
  </svg>
);

export const Calendar = (): JSX.Element => (
  <Icon>
    <path d="M2.8 3.8h10.4v9.4H2.8zM2.8 6.8h10.4M5.6 2.3v2.8M10.4 2.3v2.8" />
  </Icon>
);

/** A dial with its hand. */
export const Dial = (): JSX.Element => (
  <Icon>
    <path d="M3.6 12.3a6 6 0 1 1 8.8 0M8 8.8l2.6-3" />
  </Icon>
);

export const Coin = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="5.8" />
    <path d="M9.9 6.3c-.3-.7-1-1-1.9-1-1.1 0-1.9.5-1.9 1.3 0 1.9 3.9.9 3.9 2.9 0 .8-.9 1.3-2 1.3-1 0-1.7-.4-2-1.1M8 4.3v1M8 10.8v1" />
  </Icon>
);

export const Folder = (): JSX.Element => (
  <Icon>
    <path d="M2.3 12.6V3.9h4l1.4 1.6h6v7.1z" />
  </Icon>
);

export const Globe = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="5.7" />
    <path d="M2.3 8h11.4M8 2.3c4 3.4 4 8 0 11.4M8 2.3c-4 3.4-4 8 0 11.4" />
  </Icon>
);

export const Database = (): JSX.Element => (
  <Icon>
    <ellipse cx="8" cy="4.2" rx="5" ry="1.9" />
    <path d="M3 4.2v7.6c0 1 2.2 1.9 5 1.9s5-.9 5-1.9V4.2M3 8c0 1 2.2 1.9 5 1.9S13 9 13 8" />
  </Icon>
);

/** A line that rises toward a limit. */
export const RisingLine = (): JSX.Element => (
  <Icon>
    <path d="M2.5 12.5h11M3.5 9l3-3 2.5 2.2 4-4.7" />
  </Icon>
);

/** Three bars, each higher than the one before. */
export const Bars = (): JSX.Element => (
  <Icon>
    <path d="M3.5 12.8v-3M8 12.8V7M12.5 12.8V3.2" stroke-width="2" />
  </Icon>
);

/** An arrow around a circle. */
export const Restart = (): JSX.Element => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3" />
  </Icon>
);

/** The octagon of a stop sign. */
export const Stop = (): JSX.Element => (
  <Icon>
    <path d="M5.5 2.5h5l3 3v5l-3 3h-5l-3-3v-5zM8 5.2v3.4M8 10.7v.1" />
  </Icon>
);

export const Clock = (): JSX.Element => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 5v3.2l2 1.3" />
  </Icon>
);

/** Two branches, one of which leads to the other. */
export const PullRequest = (): JSX.Element => (
  <Icon>
    <circle cx="4.5" cy="4" r="1.6" />
    <circle cx="4.5" cy="12" r="1.6" />
    <circle cx="11.5" cy="12" r="1.6" />
    <path d="M4.5 5.6v4.8M11.5 10.4V6.5c0-1.4-.9-2.2-2.2-2.2H8" />
  </Icon>
);

export const Dots = (): JSX.Element => (
  <Icon>
    <path d="M3.2 8h.1M8 8h.1M12.8 8h.1" stroke-width="2.2" />
  </Icon>
);

export const Check = (): JSX.Element => (
  <Icon>
    <path d="m3.6 8.4 3 3 5.8-6.6" />
  </Icon>
);
