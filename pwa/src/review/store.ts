// An officer's verdicts and verifications, as documents like any other: composed offline, sent when there is signal.
import type { Verification } from "../accounts/records.ts";
import type { NewDocument } from "../sync/document.ts";
import type { Recorded } from "../sync/outbox.ts";
import { type Entry, textAt } from "../ui/entries.ts";
import { phone, save } from "../ui/phone.ts";
import type { Review } from "./records.ts";

export type Verdict = Required<Review>;

/** One batch is one signature an entry; more than this would make an old phone wait. */
export const batchMax = 100;

export function saveVerdict(entry: Entry, verdict: Verdict): Promise<Recorded> {
  return save([review(entry, verdict)]);
}

export function acceptAll(entries: readonly Entry[]): Promise<Recorded> {
  const accept: Verdict = { verdict: "accept", reasons: [], remarks: "" };
  return save(entries.slice(0, batchMax).map((entry) => review(entry, accept)));
}

function review(entry: Entry, { verdict, reasons, remarks }: Verdict): NewDocument {
  const { view } = entry;
  const former = view?.review;
  // A second verdict on the same revision names the first; on a new revision it is a first one again.
  const isSecond = former?.is_of_this_revision === true;
  const body: Review = { verdict, reasons };
  return {
    kind: "review",
    entity: entry.id,
    base: view?.revision ?? entry.revision,
    ...(isSecond ? { resolves: [former.id] } : {}),
    log: phone.value.register?.log ?? "",
    place: entry.place,
    body,
    ...(remarks ? { disclosures: { remarks: { text: remarks } } } : {}),
  };
}

/** The officer has compared the code on the owner's phone. */
export function saveVerification(accountId: string, place: string): Promise<Recorded> {
  const body: Verification = { account_id: accountId };
  const document = {
    kind: "verification",
    log: phone.value.register?.log ?? "",
    place,
    after: [accountId],
    body,
  };
  return save([document]);
}

/** Accounts that this phone has verified, sent or not. */
export function listVerified(): ReadonlySet<string> {
  const verifications = phone.value.documents.filter(
    ({ kind, state }) => kind === "verification" && state !== "rejected",
  );
  return new Set(verifications.map(({ body }) => textAt(body, "account_id")));
}
