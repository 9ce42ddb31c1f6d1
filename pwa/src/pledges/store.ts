// The signed pledge as a document: which text in which language was displayed, every clause, and who stood as an
// exception when it was signed.

import type { Order } from "../orders/rules.ts";
import { logOf } from "../premises/store.ts";
import type { PledgeText } from "../sync/database.ts";
import type { Recorded } from "../sync/outbox.ts";
import type { Entry } from "../ui/entries.ts";
import { save } from "../ui/phone.ts";
import type { Pledge } from "./records.ts";
import type { ExceptedStay, Signed, Wording } from "./rules.ts";

export type Signing = {
  readonly premises: Entry;
  readonly order: Order;
  readonly text: PledgeText;
  readonly wording: Wording;
  readonly excepted: readonly ExceptedStay[];
};

export function savePledge(
  { premises, order, text, wording, excepted }: Signing,
  signed: Signed,
): Promise<Recorded> {
  const { identity, ...said } = signed;
  const body: Omit<Pledge, "identity"> = {
    premises_id: premises.id,
    order_id: order.id,
    text_id: text.id,
    version: text.version,
    language: wording.language,
    text_hash: wording.hash,
    exceptions: excepted.map(({ stay }) => stay.id),
    unlocked_by: "none",
    ...said,
  };
  return save([{ kind: "pledge", log: logOf(), place: premises.place, body, disclosures: { identity } }]);
}
