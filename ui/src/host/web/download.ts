// Files that the browser saves in its download folder.
import { MINUTE } from '../../lib/time';

/** Time for which a file stays readable for the browser, in milliseconds. */
const FILE_LIFETIME = MINUTE;

export function saveAsDownload(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FILE_LIFETIME);
}
