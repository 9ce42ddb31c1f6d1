// One at a time over all tabs and the worker: without this, Background Sync and a page send every document twice.

const waiting = new Map<string, Promise<unknown>>();

/** Runs `work` when nobody else on this phone runs under the same name. */
export async function withLock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  if (globalThis.navigator?.locks) return navigator.locks.request(`sangkat-${name}`, work);
  // Old Safari has no locks, and no worker that sends either: one queue in this page is all there is.
  const before = waiting.get(name) ?? Promise.resolve();
  const result = before.then(work, work);
  waiting.set(
    name,
    result.catch(() => undefined),
  );
  return result;
}
