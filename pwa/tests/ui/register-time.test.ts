import { expect, test, vi } from "vitest";
import { newDevice } from "../../src/sync/database.ts";
import { encodeBase64url, utf8 } from "../../src/sync/encoding.ts";
import { agoInWords } from "../../src/ui/dates.ts";
import { phone, registerNow } from "../../src/ui/phone.ts";
import { contactAt, registerTime, timeOf } from "../../src/ui/register-time.ts";
import { makeDocument } from "../makers.ts";

const day = 24 * 3600 * 1000;
const wrong = 2 * 365 * day;
const serverTime = Date.UTC(2026, 5, 1, 3);

/** What a phone keeps whose clock was so far behind when the register answered. */
function aDevice(behind: number) {
  const contact = { last_contact_ms: serverTime - behind, contact_at_ms: serverTime };
  return { ...newDevice, ...contact, clock_behind_ms: behind };
}

/** What is said of the last contact once this much time has passed, and the clock was moved by that much. */
function said(behind: number, passed: number, moved = 0): string {
  const device = aDevice(behind);
  const phoneNow = serverTime - behind + passed + moved;
  return agoInWords(contactAt(device) ?? 0, phoneNow + device.clock_behind_ms);
}

test.each([0, wrong, -wrong])("a clock that is %d behind says rightly how long ago it was", (behind) => {
  expect(said(behind, 0)).toBe("time.just-now");
  expect(said(behind, 3 * day)).toBe("time.days-ago");
});

test("a clock put back since then makes nothing new: the register's date is said", () => {
  expect(said(0, 3 * day, -10 * day)).toBe("date.day-time");
  expect(said(0, 0, -1000)).toBe("time.just-now");
});

test.each([0, wrong, -wrong])("a clock that stays %d behind gives the register's time", (behind) => {
  for (const passed of [0, 3 * day, 59 * day])
    expect(registerTime(aDevice(behind), serverTime - behind + passed)).toBe(serverTime + passed);
});

test("a clock that was years behind and was put right is believed at once", () => {
  expect(registerTime(aDevice(wrong), serverTime + day)).toBe(serverTime + day);
});

test("a clock put back since the last contact leads no further back than that", () => {
  expect(registerTime(aDevice(-wrong), serverTime + day)).toBe(serverTime);
  expect(registerTime(aDevice(0), serverTime - wrong)).toBe(serverTime);
});

test("before the first contact only what the register said of the difference counts", () => {
  expect(registerTime(newDevice, serverTime)).toBe(serverTime);
  expect(registerTime({ ...newDevice, clock_behind_ms: wrong }, serverTime - wrong)).toBe(serverTime);
});

test("the time on every screen is reckoned so", () => {
  vi.useFakeTimers({ now: serverTime + day });
  phone.value = { ...phone.value, device: aDevice(wrong) };
  expect(registerNow()).toBe(serverTime + day);
  vi.useRealTimers();
});

test("what an older version kept is told in the register's time too, and no contact is none", () => {
  const { contact_at_ms: _, ...older } = aDevice(wrong);
  expect(contactAt(older)).toBe(serverTime);
  expect(contactAt(newDevice)).toBeNull();
});

test("a document's time is the receipt's, before that the phone's own put right", () => {
  const document = makeDocument({ made_at: new Date(serverTime - wrong).toISOString() });
  expect(timeOf(document, aDevice(wrong))).toBe(serverTime);
  const received_at = "2026-06-01T04:00:00.000Z";
  const receipt = `head.${encodeBase64url(utf8(JSON.stringify({ received_at })))}.signature`;
  expect(timeOf({ ...document, receipt }, aDevice(wrong))).toBe(Date.parse(received_at));
  expect(timeOf({ ...document, receipt: "TEST" }, aDevice(wrong))).toBe(serverTime);
  const later = makeDocument({ made_at: new Date(serverTime + day).toISOString() });
  expect(timeOf(later, aDevice(wrong))).toBe(serverTime + day);
});
