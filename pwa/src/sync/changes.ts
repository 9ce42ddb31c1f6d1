// Tells every tab and the worker that the outbox or the views changed; the database stays the truth.

type Listener = () => void;

const listeners = new Set<Listener>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("sangkat");
channel?.addEventListener("message", tellHere);

function tellHere(): void {
  for (const listener of listeners) listener();
}

/** To be called after what changed has been stored. */
export function announceChange(): void {
  tellHere();
  channel?.postMessage("changed");
}

/** Calls `listener` after every change, here or elsewhere; returns how to stop. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
