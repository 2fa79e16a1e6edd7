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
