// Entries that a person has to act on: sent back by the police, or at odds with another change.

import { isToCorrect } from "../declarations/rules.ts";
import { localDay } from "../facts/deadlines.ts";
import { listOrders } from "../orders/store.ts";
import { dateInWords } from "../ui/dates.ts";
import { type Entry, isStuck, type OwnDocument, textAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { phone, role } from "../ui/phone.ts";
import { t } from "../ui/text.ts";
import { entryTitle, pathOf, titleOf } from "./entry-path.ts";

/** The owner's to correct; an officer sees the same entries, but it is not for him to answer himself. */
export function listReturned(): readonly Entry[] {
  if (role.value !== "owner") return [];
  const entries = [...phone.value.entries.values()];
  return entries.filter((entry) => isToCorrect(entry, entries));
}

/** With those that the register did not take. */
export function countReturned(): number {
  return listReturned().length + phone.value.documents.filter(isStuck).length;
}

type ReturnedItemsProps = {
  /** Documents that the register did not take, where they are not shown at length beside this. */
  readonly stuck?: readonly OwnDocument[];
};

export function ReturnedItems({ stuck = [] }: ReturnedItemsProps) {
  const returned = listReturned();
  if (returned.length + stuck.length === 0) return null;
  return (
    <section class="card returned" data-testid="to-correct">
      <h2>{t("outbox.to-correct")}</h2>
      <ul class="list">
        {returned.map((entry) => (
          <li key={entry.id}>
            <a href={pathOf(entry)} data-testid="returned-item">
              <Icon name="pen" />
              <span class="title">{entryTitle(entry)}</span>
              <Until entry={entry} />
            </a>
          </li>
        ))}
        {stuck.map((document) => (
          <li key={document.id}>
            <a href="/app/outbox#returned">
              <Icon name="warning" />
              <span class="title">{titleOf(document)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** By when: the next deadline of the orders at that place, if there is one ahead. */
function Until({ entry }: { readonly entry: Entry }) {
  const deadline = listOrders(entry.place)
    .map((order) => textAt(order, "deadline_at"))
    .find((instant) => instant !== "");
  if (!deadline) return null;
  return (
    <span class="detail">
      {t("home.correct-until", { when: dateInWords(localDay(Date.parse(deadline))) })}
    </span>
  );
}
