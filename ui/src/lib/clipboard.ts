// Copies text. The host copies it where the clipboard of a page would be lost with its window. The clipboard of the web
// view may be refused; then the text is copied from a hidden field.
import type { Host } from '../host/host';

/** Returns true if the text was copied. */
export async function copyText(value: string, host: Host): Promise<boolean> {
  if (await host.copyText(value).catch(() => false)) return true;
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return copyFromField(value);
  }
}

/** Returns true if the picture, a PNG, was copied. */
export async function copyPicture(png: Blob, host: Host): Promise<boolean> {
  const bytes = new Uint8Array(await png.arrayBuffer());
  if (await host.copyShareCard(bytes).catch(() => false)) return true;
  try {
    await navigator.clipboard.write([new ClipboardItem({ [png.type]: png })]);
    return true;
  } catch {
    return false;
  }
}

function copyFromField(value: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = value;
  field.className = 'visually-hidden';
  field.setAttribute('aria-hidden', 'true');
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}
