// One at a time over all tabs and the worker: without this, Background Sync and a page send every document twice.

const waiting = new Map<string, Promise<unknown>>();

/** Runs `work` when nobody else on this phone runs under the same name. */
export async function withLock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  if (globalThis.navigator?.locks) return navigator.locks.request(`sangkat-${name}`, work);
  // Old Safari has no locks, and no worker that sends either: one queue in this page is all there is.
  const before = waiting.get(name) ?? Promise.resolve();
  const result = before.then(work, work);
  const ended = result.then(
    () => undefined,
    () => undefined,
  );
  waiting.set(name, ended);
  void ended.then(() => (waiting.get(name) === ended ? waiting.delete(name) : false));
  return result;
}

/** Whether somebody on this phone runs under that name now. */
export async function isLocked(name: string): Promise<boolean> {
  if (!globalThis.navigator?.locks) return waiting.has(name);
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === `sangkat-${name}`);
}
