import { expect, test } from "vitest";
import {
  findInAppBrowser,
  readInvitation,
  readRegistration,
  secureAddress,
} from "../../src/accounts/rules.ts";

const chrome = "Mozilla/5.0 (Linux; Android 8.1.0) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36";

test("everything that is missing is said at once", () => {
  const read = readRegistration({});
  expect(read.ok ? [] : read.errors.map(({ field }) => field)).toEqual(["name", "phone", "capacity"]);
});

test("a telephone number that cannot be one is refused", () => {
  const read = readRegistration({ name: "TEST DATA", phone: "12", capacity: "owner" });
  expect(read.ok ? [] : read.errors).toEqual([{ field: "phone", key: "problem.form.phone" }]);
});

test("a number in Khmer digits is registered in the international form", () => {
  const read = readRegistration({ name: " TEST DATA ", phone: "០១២ ៣៤៥ ៦៧៨", capacity: "owner" });
  expect(read).toEqual({
    ok: true,
    value: { capacity: "owner", contact: { name: "TEST DATA", phone: "+85512345678" } },
  });
});

test("what came along invisibly from a spreadsheet or from contacts is neither kept nor in the way", () => {
  const read = readRegistration({
    name: "Sok\tDara\u202c",
    phone: "\u202a+855 12 345 678\u202c",
    capacity: "owner",
    invitation: "\u200eAB-CD\u2069",
  });
  const contact = { name: "Sok Dara", phone: "+85512345678" };
  expect(read).toEqual({ ok: true, value: { capacity: "owner", invitation: "AB-CD", contact } });
});

test("an invitation goes along when there is one", () => {
  const read = readRegistration({
    name: "TEST DATA",
    phone: "012345678",
    capacity: "officer",
    invitation: "AB-CD",
  });
  expect(read.ok && read.value.invitation).toBe("AB-CD");
});

test.each([
  ["", { code: "", capacity: "owner" }],
  ["?capacity=officer", { code: "", capacity: "owner" }],
  ["?invitation=AB-CD", { code: "AB-CD", capacity: "officer" }],
  ["?invitation=AB-CD&capacity=owner", { code: "AB-CD", capacity: "owner" }],
  ["?invitation=AB-CD&capacity=king", { code: "AB-CD", capacity: "officer" }],
])("the link %s says as what its guest registers", (search, invited) => {
  expect(readInvitation(search)).toEqual(invited);
});

test.each([
  ["Facebook", `${chrome} [FB_IAB/FB4A;FBAV/440.0.0.0;]`],
  ["Messenger", `${chrome} [FB_IAB/Orca-Android;FBAV/440.0.0.0;]`],
  ["Telegram", `${chrome} Telegram-Android/10.5`],
  ["WeChat", `${chrome} MicroMessenger/8.0.40`],
  ["Line", `${chrome} Line/13.20.0/IAB`],
])("the browser inside %s is known", (app, userAgent) => {
  expect(findInAppBrowser(userAgent)).toBe(app);
});

test("Chrome itself keeps what is typed", () => {
  expect(findInAppBrowser(chrome)).toBeNull();
});

test("a page over plain http has an address over https, at the usual port", () => {
  expect(secureAddress("http://phone.test/app/?invitation=TEST#a")).toBe(
    "https://phone.test/app/?invitation=TEST#a",
  );
  expect(secureAddress("http://post.test:8000/app/")).toBe("https://post.test/app/");
});
