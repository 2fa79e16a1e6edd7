// What the dashboard needs beyond the page to be installed as a web app: a manifest, icons and the colors of the browser's
// frame. The icons are those of the packages.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HtmlTagDescriptor, Plugin } from 'vite';

/** The color of `--ground` in styles/tokens.css, for both schemes. */
const GROUND = { light: '#f5f5f4', dark: '#141517' };

/** The icons by their file name in `icons/`. */
const ICONS = [
  { file: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
  { file: '128x128@2x.png', name: 'icon-256.png', sizes: '256x256', type: 'image/png' },
  { file: 'icon.png', name: 'icon-512.png', sizes: '512x512', type: 'image/png' },
].map((icon) => ({ ...icon, name: icon.name ?? icon.file }));

const manifest = {
  id: '/',
  name: 'Token Monitor',
  short_name: 'Tokens',
  description: 'Shows live how many tokens Claude Code uses on this computer.',
  lang: 'en',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: GROUND.light,
  theme_color: GROUND.light,
  icons: ICONS.map(({ name, sizes, type }) => ({ src: name, sizes, type })),
};

/** The manifest is requested with the cookie of the session: without it, the server refuses everything. */
const TAGS: HtmlTagDescriptor[] = [
  { tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest', crossorigin: 'use-credentials' } },
  { tag: 'link', attrs: { rel: 'icon', type: 'image/svg+xml', href: './icon.svg' } },
  { tag: 'link', attrs: { rel: 'apple-touch-icon', href: './icon-256.png' } },
  ...(['light', 'dark'] as const).map((scheme) => ({
    tag: 'meta',
    attrs: { name: 'theme-color', media: `(prefers-color-scheme: ${scheme})`, content: GROUND[scheme] },
  })),
].map((tag) => ({ ...tag, injectTo: 'head' as const }));

export function webApp(): Plugin {
  return {
    name: 'web-app',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source: `${JSON.stringify(manifest, null, 2)}\n` });
      for (const { file, name } of ICONS) {
        this.emitFile({ type: 'asset', fileName: name, source: readFileSync(fileURLToPath(new URL(`../icons/${file}`, import.meta.url))) });
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) => ({ html: html.replace(/\s*<link rel="icon" href="data:,"[^>]*>/, ''), tags: TAGS }),
    },
  };
}
