// `npm run manifests -- --assets FOLDER [--output FOLDER]`: writes the manifests of Flatpak, AUR, Homebrew, winget and scoop for
// the version of package.json. FOLDER has the files of the release, whose digests the manifests contain. Without --output
// they are written to target/manifests.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { fillTemplate, loadMetadata, templateValues } from './lib/packaging/metadata.mjs';
import { Failure, ROOT, main } from './lib/run.mjs';

/** The manifests: the template below packaging/manifests, and the path below the output folder. */
const MANIFESTS = {
  'aur/PKGBUILD': () => 'aur/PKGBUILD',
  'flatpak/manifest.yml': ({ id }) => `flatpak/${id}.yml`,
  'homebrew/cask.rb': () => 'homebrew/Casks/token-monitor-app.rb',
  'homebrew/formula.rb': () => 'homebrew/Formula/token-monitor.rb',
  'scoop/token-monitor.json': () => 'scoop/token-monitor.json',
  'winget/version.yaml': () => 'winget/TokenMonitor.TokenMonitor.yaml',
  'winget/installer.yaml': () => 'winget/TokenMonitor.TokenMonitor.installer.yaml',
  'winget/locale.en-US.yaml': () => 'winget/TokenMonitor.TokenMonitor.locale.en-US.yaml',
};

await main(() => {
  const options = { assets: { type: 'string' }, output: { type: 'string', default: path.join(ROOT, 'target/manifests') } };
  const { assets, output } = parseArgs({ options }).values;
  if (!assets) throw new Failure('usage: npm run manifests -- --assets FOLDER [--output FOLDER]');
  const metadata = loadMetadata();
  const values = { ...templateValues(metadata), ...assetValues(metadata, assets) };
  for (const [template, target] of Object.entries(MANIFESTS)) {
    const file = path.join(output, target(metadata));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, fillTemplate(path.join('packaging/manifests', template), values));
    console.log(file);
  }
});

/** Returns the addresses and SHA-256 digests of the files of the release. */
function assetValues({ package: name, version, repository }, folder) {
  const assets = {
    source: `${name}-${version}.tar.gz`,
    deb: `${name}_${version}-1_amd64.deb`,
    dmg: `${name}_${version}_universal.dmg`,
    windows: `${name}_${version}_x64-setup.exe`,
  };
  const present = readdirSync(folder);
  const missing = Object.values(assets).filter((file) => !present.includes(file));
  if (missing.length > 0) throw new Failure(`${folder} lacks ${missing.join(', ')}`);
  const values = Object.entries(assets).flatMap(([key, file]) => {
    const digest = createHash('sha256').update(readFileSync(path.join(folder, file))).digest('hex');
    const url = `${repository}/releases/download/v${version}/${file}`;
    return [[`${key}Url`, url], [`${key}Sha256`, digest], [`${key}Sha256Upper`, digest.toUpperCase()]];
  });
  return Object.fromEntries(values);
}
