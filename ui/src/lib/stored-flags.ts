// Choices of this window that are no settings, such as a dismissed offer. Without storage they last as long as the page.

const PREFIX = 'flag.';

export function readFlag(name: string): boolean {
  try {
    return localStorage.getItem(PREFIX + name) !== null;
  } catch {
    return false;
  }
}

export function writeFlag(name: string): void {
  try {
    localStorage.setItem(PREFIX + name, '1');
  } catch {
    // The choice is forgotten.
  }
}
