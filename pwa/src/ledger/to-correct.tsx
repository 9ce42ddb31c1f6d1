// Entries that a person has to act on: sent back by the police, or at odds with another change.

import { localDay } from "../facts/deadlines.ts";
import { listOrders } from "../orders/store.ts";
import { dateInWords } from "../ui/dates.ts";
import { type Entry, isStuck, textAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { phone } from "../ui/phone.ts";
import { t } from "../ui/text.ts";
import { entryName, pathOf } from "./entry-path.ts";
import { kindInWords } from "./problem.tsx";

export function listReturned(): readonly Entry[] {
  return [...phone.value.entries.values()].filter(
    ({ state, view }) => view !== undefined && (state === "returned" || state === "conflict"),
  );
}

/** With those that the register did not take. */
export function countReturned(): number {
  return listReturned().length + phone.value.documents.filter(isStuck).length;
}

export function ReturnedItems() {
  const returned = listReturned();
  if (returned.length === 0) return null;
  return (
    <section class="card returned" data-testid="to-correct">
      <h2>{t("outbox.to-correct")}</h2>
      <ul class="list">
        {returned.map((entry) => (
          <li key={entry.id}>
            <a href={pathOf(entry)} data-testid="returned-item">
              <Icon name="pen" />
              <span class="title">{entryName(entry) || kindInWords(entry.kind)}</span>
              <Until entry={entry} />
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
