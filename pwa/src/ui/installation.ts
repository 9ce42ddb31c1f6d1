// Puts the service worker in place and lets a new version take over only when it harms nothing: with the person's
// consent, or at the very start of the only page while nothing is being sent.
import { signal } from "@preact/signals";
import { isLocked } from "../sync/locks.ts";

/** True while a new version waits for consent. */
export const updateWaits = signal(false);

/** Registers the worker; to be called once, first thing. Where there can be none the app works, but not without signal. */
export async function startInstallation(): Promise<void> {
  if (!navigator.serviceWorker || !import.meta.env.PROD) return;
  const options = { scope: "/app/", updateViaCache: "none" } as const;
  const registration = await navigator.serviceWorker.register("/app/sw.js", options).catch(() => null);
  if (!registration) return;
  if (registration.waiting && !(await isLocked("flush"))) return takeUpdate();
  noticeWaiting(registration);
  registration.addEventListener("updatefound", () => noticeInstalling(registration));
}

/** The button: the new version takes over and the page opens anew; drafts and queue stay. */
export async function takeUpdate(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration("/app/");
  if (!registration?.waiting) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("activate");
}

function noticeInstalling(registration: ServiceWorkerRegistration): void {
  registration.installing?.addEventListener("statechange", () => noticeWaiting(registration));
}

/** The first version of all has nobody to wait for. */
function noticeWaiting({ waiting }: ServiceWorkerRegistration): void {
  updateWaits.value = waiting !== null && navigator.serviceWorker.controller !== null;
}
