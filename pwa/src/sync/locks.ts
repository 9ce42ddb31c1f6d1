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

/** As `withLock`, but gives up when the name is not free within so many milliseconds; says whether `work` ran. */
export async function withLockSoon(
  name: string,
  patienceMs: number,
  work: () => Promise<unknown>,
): Promise<boolean> {
  let hasBegun = false;
  let isLate = false;
  const begin = async () => {
    hasBegun = !isLate;
    if (hasBegun) await work();
  };
  const late = new Promise<void>((resolve) => setTimeout(resolve, patienceMs));
  const ran = withLock(name, begin);
  await Promise.race([ran, late]);
  if (hasBegun) await ran;
  isLate = true;
  return hasBegun;
}
