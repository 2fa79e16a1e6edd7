// Imports the certificate that signs the Windows packages, and writes the part of Tauri's configuration that uses it:
// node scripts/import-certificate.mjs OUTPUT. The certificate is a PFX file in base64, in the environment variable
// WINDOWS_CERTIFICATE, with its password in WINDOWS_CERTIFICATE_PASSWORD.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { Failure, main, read } from './lib/run.mjs';

const TIMESTAMP_SERVER = 'http://timestamp.digicert.com';

/** Prints the certificate's thumbprint. The password is read from the environment, so that no command line contains it. */
const IMPORT = `
$password = ConvertTo-SecureString -String $env:WINDOWS_CERTIFICATE_PASSWORD -AsPlainText -Force
(Import-PfxCertificate -FilePath $args[0] -CertStoreLocation Cert:\\CurrentUser\\My -Password $password).Thumbprint
`;

await main(() => {
  const [output] = process.argv.slice(2);
  if (!output) throw new Failure('usage: node scripts/import-certificate.mjs OUTPUT');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'certificate-'));
  try {
    const [certificate, script] = ['certificate.pfx', 'import.ps1'].map((name) => path.join(folder, name));
    writeFileSync(certificate, Buffer.from(process.env.WINDOWS_CERTIFICATE ?? '', 'base64'), { mode: 0o600 });
    writeFileSync(script, IMPORT);
    const certificateThumbprint = read('powershell', '-NoProfile', '-File', script, certificate).trim();
    if (certificateThumbprint === '') throw new Failure('the certificate could not be imported');
    const windows = { certificateThumbprint, digestAlgorithm: 'sha256', timestampUrl: TIMESTAMP_SERVER };
    writeFileSync(output, JSON.stringify({ bundle: { windows } }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
