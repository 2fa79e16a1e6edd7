// Which theme holds: what the settings say, else what the system says, and again whenever either changes.
// It stands on the root element, where the style sheet looks. It refuses to overrule colours the system forces.
import { createEffect, createSignal, onCleanup } from 'solid-js';
import type { Theme } from './bindings/Theme';

export interface Look {
  scheme: 'light' | 'dark';
  contrast: 'more' | 'normal';
}

/** What the system asks for. */
export interface SystemLook {
  dark: boolean;
  contrast: boolean;
}

/** High contrast is light or dark as the system has it; light and dark keep the system's wish for contrast. */
export function look(theme: Theme, system: SystemLook): Look {
  const ofSystem = system.dark ? 'dark' : 'light';
  const scheme = theme === 'light' || theme === 'dark' ? theme : ofSystem;
  return { scheme, contrast: theme === 'contrast' || system.contrast ? 'more' : 'normal' };
}

/** Keeps the root element in the theme that holds. */
export function followTheme(theme: () => Theme): void {
  const dark = holds('(prefers-color-scheme: dark)');
  const contrast = holds('(prefers-contrast: more)');
  createEffect(() => {
    const { scheme, contrast: wish } = look(theme(), { dark: dark(), contrast: contrast() });
    document.documentElement.dataset['scheme'] = scheme;
    document.documentElement.dataset['contrast'] = wish;
  });
}

function holds(query: string): () => boolean {
  const list = matchMedia(query);
  const [matches, set] = createSignal(list.matches);
  const hear = () => set(list.matches);
  list.addEventListener('change', hear);
  onCleanup(() => list.removeEventListener('change', hear));
  return matches;
}
