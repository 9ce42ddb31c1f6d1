// The sheet of a place for an officer at the door, on screen and on paper: its people in room order, to be ticked.
import { mayJudge } from "../accounts/rights.ts";
import { listPresent } from "../declarations/rules.ts";
import { Marks } from "../marks/page.tsx";
import { AddPerson, PremisesActions } from "../premises/actions.tsx";
import { PremisesFacts } from "../premises/facts.tsx";
import { nameInWords } from "../premises/name.ts";
import { byRoom, SavedNotice } from "../premises/page.tsx";
import { nameOf } from "../stays/name.ts";
import { nationalityInWords, useCountries } from "../stays/nationality.tsx";
import { dateInWords } from "../ui/dates.ts";
import { type Entry, knownTextAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { phone, role } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { t } from "../ui/text.ts";

import { originInWords } from "./grade.ts";
import { Origin } from "./origin.tsx";

export function SheetPage({ premises }: { readonly premises: Entry }) {
  useCountries();
  const present = [...listPresent(phone.value.entries.values(), premises.id)].sort(byUnit);
  return (
    <Screen title={nameInWords(premises)} back="/app/inbox">
      <SavedNotice />
      <p>
        <StateBadge state={premises.state} />
      </p>
      <Origin entry={premises} />
      <PremisesFacts body={premises.body} place={premises.place} />
      <Marks marks={premises.view?.marks ?? []} />
      <h2>{t("sheet.people", { n: present.length })}</h2>
      <ul class="list" data-testid="sheet">
        {present.map((stay) => (
          <li key={stay.id}>
            <div class="row">
              <label class="tick-box">
                <input type="checkbox" />
                <span class="unseen">
                  {t("sheet.seen")}: {nameOf(stay) || t("stay.unnamed")}
                </span>
              </label>
              <span class="title">
                <a href={`/app/inbox/${stay.id}`}>{nameOf(stay) || t("stay.unnamed")}</a>
              </span>
              <StateBadge state={stay.state} />
              <span class="detail">{detailOf(stay)}</span>
            </div>
          </li>
        ))}
      </ul>
      <button type="button" class="button no-print" onClick={() => print()}>
        <Icon name="print" /> {t("sheet.print")}
      </button>
      {mayJudge(role.value) && <FromPaper premises={premises} />}
    </Screen>
  );
}

/** What the owner's own phone would offer, for one who has none. */
function FromPaper({ premises }: { readonly premises: Entry }) {
  return (
    <details class="no-print">
      <summary data-testid="paper-open">{t("paper.here")}</summary>
      <p class="hint">{t("paper.explain")}</p>
      <AddPerson premises={premises} />
      <PremisesActions premises={premises} />
    </details>
  );
}

function detailOf(stay: Entry): string {
  const { body } = stay;
  const unit = knownTextAt(body, "unit");
  const arrived = knownTextAt(body, "arrived_on");
  const facts = [
    unit && t("premises.unit", { unit }),
    knownTextAt(body, "identity", "native"),
    nationalityInWords(knownTextAt(body, "nationality")),
    arrived && `${t("stay.arrived_on")}: ${dateInWords(arrived)}`,
    originInWords(stay),
  ];
  return facts.filter(Boolean).join(" · ");
}

function byUnit(a: Entry, b: Entry): number {
  return byRoom(knownTextAt(a.body, "unit"), knownTextAt(b.body, "unit"));
}
