// When something happened by the register's clock, the one base in which times are shown and compared: the phone's own
// clock may be years wrong. Pure, and apart from the screens that show it.
import type { Device } from "../sync/database.ts";
import { claimedReceivedAt } from "../sync/receipts.ts";
import type { OwnDocument } from "./entries.ts";

/** Longer than a phone in use is without any contact. */
const unheardMs = 60 * 24 * 3600 * 1000;

type Known = Pick<Device, "clock_behind_ms" | "last_contact_ms" | "contact_at_ms">;

/** When the register last answered, in milliseconds; null before it ever did. */
export function contactAt({ clock_behind_ms, last_contact_ms, contact_at_ms }: Known): number | null {
  if (last_contact_ms === null) return null;
  return contact_at_ms ?? last_contact_ms + (clock_behind_ms ?? 0);
}

/**
 * The register's time at an instant of the phone's clock, in milliseconds. It never lies before the last contact. Where the
 * clock was far behind then and is not behind that contact any more, it was put right: else months would have passed unheard.
 */
export function registerTime(device: Known, phoneNow: number): number {
  const behind = device.clock_behind_ms ?? 0;
  const contact = contactAt(device);
  if (contact === null) return phoneNow + behind;
  return isPutRight(device, phoneNow) ? phoneNow : Math.max(contact, phoneNow + behind);
}

function isPutRight(device: Known, phoneNow: number): boolean {
  const contact = contactAt(device);
  return contact !== null && (device.clock_behind_ms ?? 0) > unheardMs && phoneNow >= contact;
}

/** When a document was received, as its receipt says; before that when it was made, as far as the clocks are known to differ. */
export function timeOf(document: OwnDocument, device: Known): number {
  const received = document.receipt && claimedReceivedAt(document.receipt);
  if (received) return Date.parse(received);
  const made = Date.parse(document.made_at);
  return isPutRight(device, made) ? made : made + (device.clock_behind_ms ?? 0);
}
