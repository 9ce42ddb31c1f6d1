// Puts the service worker in place and lets a new version take over only when it harms nothing: with the person's
// consent, or at the very start of a page while nothing is being sent.
import { signal } from "@preact/signals";
import { withLockSoon } from "../sync/locks.ts";

/** True while a new version waits for consent. */
export const updateWaits = signal(false);
/** True from consent until the page opens anew: the version before may still have something to finish. */
export const isTakingOver = signal(false);

/** How long the start of a page waits for somebody else who is sending: the page before it, or the worker. */
const freeWithinMs = 3000;
/** How long it then waits for the new version; longer, and a person would already be typing. */
const takenWithinMs = 3000;

/** Registers the worker; to be called once, first thing. Where there can be none the app works, but not without signal. */
export async function startInstallation(): Promise<void> {
  if (!navigator.serviceWorker || !import.meta.env.PROD) return;
  const options = { scope: "/app/", updateViaCache: "none" } as const;
  const registration = await navigator.serviceWorker.register("/app/sw.js", options).catch(() => null);
  if (!registration) return;
  void answerReceipts();
  if (registration.waiting) await takeUpdateSoon(registration);
  else noticeWaiting(registration);
  registration.addEventListener("updatefound", () => noticeInstalling(registration));
}

/**
 * A receipt's QR leads to `/verify`, outside the app's path: the same worker answers there too, and nowhere else, so
 * that help and slip stay without one. After the app's own, which has fetched the shell by then.
 */
async function answerReceipts(): Promise<void> {
  await navigator.serviceWorker.ready;
  const options = { scope: "/verify", updateViaCache: "none" } as const;
  await navigator.serviceWorker.register("/app/sw.js", options).catch(() => null);
}

/** The button: the new version takes over and the page opens anew; drafts and queue stay. */
export async function takeUpdate(): Promise<void> {
  isTakingOver.value = true;
  const registration = await navigator.serviceWorker.getRegistration("/app/");
  if (registration?.waiting) await takeOver(registration);
  await openAnew();
}

/** While nobody on this phone sends, and not for long: afterwards the button stands there. */
async function takeUpdateSoon(registration: ServiceWorkerRegistration): Promise<void> {
  registration.active?.postMessage("leave");
  await withLockSoon("flush", freeWithinMs, async () => {
    const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), takenWithinMs));
    if ((await Promise.race([takeOver(registration), late])) !== "late") await openAnew();
  });
  updateWaits.value = true;
}

/** Ends when the new version has this page in its hands. */
function takeOver({ active, waiting }: ServiceWorkerRegistration): Promise<void> {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(), { once: true });
    active?.postMessage("leave");
    waiting?.postMessage("activate");
  });
}

/** Never ends in this page, so that nothing more begins in it. */
function openAnew(): Promise<never> {
  location.reload();
  return new Promise(() => undefined);
}

function noticeInstalling(registration: ServiceWorkerRegistration): void {
  registration.installing?.addEventListener("statechange", () => noticeWaiting(registration));
}

/** The first version of all has nobody to wait for. */
function noticeWaiting({ waiting }: ServiceWorkerRegistration): void {
  updateWaits.value = waiting !== null && navigator.serviceWorker.controller !== null;
}
