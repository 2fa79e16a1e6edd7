// Applies the theme: that of the settings, otherwise that of the system. Set as attributes of the root element, which
// the style sheet refers to. Forced colors of the system are not overridden.
import { createEffect } from 'solid-js';
import type { Theme } from '../bindings/Theme';
import { createMediaQuery } from './media-query';

export interface AppliedTheme {
  scheme: 'light' | 'dark';
  contrast: 'more' | 'normal';
}

/** The theme the system prefers. */
export interface SystemTheme {
  dark: boolean;
  contrast: boolean;
}

/** Resolves the theme. High contrast follows the system's light or dark scheme; light and dark keep the system's contrast. */
export function resolveTheme(theme: Theme, system: SystemTheme): AppliedTheme {
  const systemScheme = system.dark ? 'dark' : 'light';
  const scheme = theme === 'light' || theme === 'dark' ? theme : systemScheme;
  return { scheme, contrast: theme === 'contrast' || system.contrast ? 'more' : 'normal' };
}

const STORAGE_KEY = 'theme';
const themes: readonly string[] = ['auto', 'light', 'dark', 'contrast'] satisfies Theme[];

/** Returns the theme of the last snapshot, so that a new page starts in it; `auto` if it is not known. */
export function rememberedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored !== null && themes.includes(stored) ? (stored as Theme) : 'auto';
  } catch {
    return 'auto';
  }
}

function rememberTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Without storage the page starts in the theme of the system.
  }
}

/**
 * Keeps the attributes of the root element up to date. Until the theme is known, the remembered one applies. A theme is
 * remembered only while `isOwn` returns true.
 */
export function applyTheme(knownTheme: () => Theme | null, isOwn: () => boolean): void {
  const remembered = rememberedTheme();
  const theme = () => knownTheme() ?? remembered;
  createEffect(() => {
    const known = knownTheme();
    if (known !== null && isOwn()) rememberTheme(known);
  });
  const dark = createMediaQuery('(prefers-color-scheme: dark)');
  const contrast = createMediaQuery('(prefers-contrast: more), (forced-colors: active)');
  createEffect(() => {
    const { scheme, contrast: appliedContrast } = resolveTheme(theme(), { dark: dark(), contrast: contrast() });
    document.documentElement.dataset['scheme'] = scheme;
    document.documentElement.dataset['contrast'] = appliedContrast;
  });
}
