// Small things that this browser remembers outside the database; where it forbids that, the app works without them.

/** A browser may forbid this store altogether: every touch of it throws. */
export const storage: Storage | null = findStorage();

function findStorage(): Storage | null {
  try {
    const found = globalThis.localStorage;
    found.getItem("sangkat.language");
    return found;
  } catch {
    return null;
  }
}

export function recall(key: string): string | null {
  return storage?.getItem(key) ?? null;
}

/** Full or forbidden: nothing that is remembered here is worth failing for. */
export function remember(key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    return;
  }
}
