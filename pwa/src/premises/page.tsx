// The owner's first screen, and one place with its people room by room.

import { HelpLink } from "../accounts/help.tsx";
import { AccountCard } from "../accounts/page.tsx";
import { listOf } from "../declarations/rules.ts";
import { foldDigits } from "../facts/values.ts";
import { Counts, Vanished } from "../ledger/counts.tsx";
import { Delays, FirstProblem } from "../ledger/problem.tsx";
import { listReturned, ReturnedItems } from "../ledger/to-correct.tsx";
import { placeInWords } from "../places/page.tsx";
import { ReturnedNotice } from "../review/returned.tsx";
import { listGaps } from "../stays/gaps.ts";
import { nameOf } from "../stays/name.ts";
import { nationalityInWords, useCountries } from "../stays/nationality.tsx";
import { type Entry, isStuck, knownTextAt, textAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { lazyPage } from "../ui/lazy.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone, waitingCount } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { SyncBar } from "../ui/sync-bar.tsx";
import { counted, t } from "../ui/text.ts";
import { AddPerson, dutiesAt, OwedAt, PremisesActions } from "./actions.tsx";
import { nameInWords } from "./name.ts";
import { currentPremises, listPremises } from "./store.ts";

/** What comes in from the register stands below the button for the next step, which thus stays under the thumb. */
export function HomePage() {
  const current = currentPremises();
  return (
    <Screen title={current ? nameInWords(current) : t("app.title")}>
      <Vanished />
      {current ? (
        <>
          <AddPerson premises={current} />
          <Finished />
          <Counts />
          <Delays documents={phone.value.documents} />
          <ReturnedItems stuck={phone.value.documents.filter(isStuck)} />
          <PremisesActions premises={current} />
          <PremisesList />
        </>
      ) : (
        <Notice tone="received" icon="building">
          <p>{t("home.first-premises")}</p>
        </Notice>
      )}
      <a
        class={current ? "button wide" : "button first big"}
        href="/app/premises/new"
        data-testid="premises-new"
      >
        <Icon name="building" /> {t("premises.new")}
      </a>
      <AccountCard />
      <SyncBar />
      <HelpLink />
    </Screen>
  );
}

/** Said only when nothing is owed, nothing waits, and nothing came back. */
function Finished() {
  const { documents } = phone.value;
  const owed = listPremises().some((premises) => dutiesAt(premises).some(({ duties }) => duties.length > 0));
  if (owed || listReturned().length > 0 || waitingCount.value > 0 || documents.some(isStuck)) return null;
  return (
    <Notice tone="accepted" icon="check" testId="finished">
      <p>{t("home.finished")}</p>
    </Notice>
  );
}

function PremisesList() {
  return (
    <section>
      <h2>{t("home.your-premises")}</h2>
      <ul class="list">
        {listPremises().map((premises) => (
          <li key={premises.id}>
            <a href={`/app/premises/${premises.id}`} data-testid="premises-item">
              <span class="title">{nameInWords(premises)}</span>
              <StateBadge state={premises.state} />
              <span class="detail">{placeInWords(premises.place)}</span>
              <OwedAt premises={premises} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const PremisesPhoto = lazyPage(() => import("./form.tsx").then((pages) => pages.PremisesPhoto));

export function PremisesPage({ premises }: { readonly premises: Entry }) {
  const stays = listOf(phone.value.entries.values(), "stay", premises.id);
  const present = stays.filter(({ left_on }) => left_on === undefined);
  const left = stays.filter(({ left_on }) => left_on !== undefined);
  const photo = textAt(premises.body, "photo");
  return (
    <Screen title={nameInWords(premises)} back="/app/">
      <SavedNotice />
      <p>
        {placeInWords(premises.place)} <StateBadge state={premises.state} />
      </p>
      {photo && <PremisesPhoto name={photo} />}
      <FirstProblem entry={premises} />
      <ReturnedNotice entry={premises} />
      <AddPerson premises={premises} />
      <PremisesActions premises={premises} />
      <a class="button wide" href={`/app/premises/${premises.id}/correct`} data-testid="premises-correct">
        <Icon name="pen" /> {t("premises.edit")}
      </a>
      <h2>
        {t("premises.people")} ({counted(present.length)})
      </h2>
      {present.length === 0 ? <p class="soft">{t("premises.no-people")}</p> : <Units stays={present} />}
      {left.length > 0 && (
        <details>
          <summary>
            {t("premises.left-people")} ({counted(left.length)})
          </summary>
          <People stays={left} />
        </details>
      )}
      <SyncBar />
    </Screen>
  );
}

/** After a person was saved: who it was, and what is still open. */
export function SavedNotice() {
  const saved = phone.value.entries.get(new URLSearchParams(location.search).get("saved") ?? "");
  if (!saved) return null;
  return (
    <Notice tone="accepted" icon="check" live testId="saved">
      <p>{t("stay.saved-title", { name: nameOf(saved) || t("stay.unnamed") })}</p>
      <Gaps stay={saved} />
    </Notice>
  );
}

/** Nothing is forced, but what is missing is said, with the way to complete it. */
function Gaps({ stay }: { readonly stay: Entry }) {
  const gaps = listGaps(stay.body).map((gap) => t(`stay.${gap}`));
  if (gaps.length === 0) return null;
  return (
    <>
      <p>{t("stay.gaps", { gaps: gaps.join(" · ") })}</p>
      <a class="button" href={`/app/stays/${stay.id}/correct`} data-testid="stay-complete">
        <Icon name="pen" /> {t("stay.gaps-complete")}
      </a>
    </>
  );
}

/** Room by room, in the order in which people count rooms. */
function Units({ stays }: { readonly stays: readonly Entry[] }) {
  const units = [...new Set(stays.map(({ body }) => knownTextAt(body, "unit")))].sort(byRoom);
  return units.map((unit) => (
    <section key={unit}>
      <h3>{unit ? t("premises.unit", { unit }) : t("premises.no-unit")}</h3>
      <People stays={stays.filter(({ body }) => knownTextAt(body, "unit") === unit)} />
    </section>
  ));
}

export function byRoom(a: string, b: string): number {
  // What came from elsewhere may be written in Khmer digits.
  const [one = 0, other = 0] = [a, b].map((room) => Number.parseInt(foldDigits(room), 10));
  if (Number.isNaN(one) || Number.isNaN(other) || one === other) return a < b ? -1 : 1;
  return one - other;
}

export function People({ stays }: { readonly stays: readonly Entry[] }) {
  useCountries();
  return (
    <ul class="list">
      {stays.map((stay) => (
        <li key={stay.id}>
          <a href={`/app/stays/${stay.id}`} data-testid="stay-item">
            <span class="title">{nameOf(stay) || t("stay.unnamed")}</span>
            <StateBadge state={stay.state} />
            <span class="detail">{nationalityInWords(textAt(stay.body, "nationality"))}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
