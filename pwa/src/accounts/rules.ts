// Who registers and how: reads the first form, and knows the browsers that lose what people type.
import { normalisePhone } from "../facts/phones.ts";
import {
  type Answers,
  choiceOf,
  codeOf,
  type FormError,
  finish,
  optional,
  type Read,
  textOf,
} from "../ui/answers.ts";
import type { Account, AccountContact } from "./records.ts";

export const capacities = [
  "owner",
  "manager",
  "operator",
  "representative",
] as const satisfies readonly Account["capacity"][];

/** With an invitation also an officer; the role itself comes from the invitation, not from what is said here. */
export const registrable = ["officer", ...capacities] as const;

export type Registering = Pick<Account, "capacity" | "invitation"> & {
  readonly contact: Required<AccountContact>;
};

/** What a link brings: the code, and in which capacity its guest most likely registers. */
export function readInvitation(search: string) {
  const { invitation: code = "", capacity = "" } = Object.fromEntries(new URLSearchParams(search));
  if (!code) return { code, capacity: "owner" };
  return { code, capacity: choiceOf({ capacity }, "capacity", registrable) ?? "officer" };
}

export function readRegistration(answers: Answers): Read<Registering> {
  const errors: FormError[] = [];
  const name = textOf(answers, "name");
  if (!name) errors.push({ field: "name", key: "problem.form.name" });
  const phone = normalisePhone(textOf(answers, "phone"));
  if (!phone) errors.push({ field: "phone", key: "problem.form.phone" });
  const capacity = choiceOf(answers, "capacity", registrable);
  if (!capacity) errors.push({ field: "capacity", key: "problem.form.capacity" });
  if (!capacity) return { ok: false, errors };
  const invitation = optional("invitation", codeOf(answers, "invitation"));
  return finish(errors, { capacity, ...invitation, contact: { name, phone: phone ?? "" } });
}

/** In-app browsers keep a store of their own, which nobody finds again in Chrome. */
const inAppBrowsers: readonly (readonly [name: string, sign: RegExp])[] = [
  ["Messenger", /\bFB_IAB\/(Orca|MESSENGER)|MessengerForiOS|\[FBAN\/Messenger/i],
  ["Facebook", /\bFBAN\/|\bFBAV\/|\bFB_IAB\//],
  ["Telegram", /\bTelegram/i],
  ["WeChat", /\bMicroMessenger\//i],
  ["Line", /\bLine\//i],
];

/** The name of the app around the page, or null in a browser that keeps data. */
export function findInAppBrowser(userAgent: string): string | null {
  return inAppBrowsers.find(([, sign]) => sign.test(userAgent))?.[0] ?? null;
}

/** The same page over https. A port that speaks http does not speak https, so the usual one is named instead. */
export function secureAddress(href: string): string {
  const address = new URL(href);
  address.port = "";
  address.protocol = "https:";
  return address.href;
}
