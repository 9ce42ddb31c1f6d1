// The officer's work list: corrections answered first, then what does not fit, what is new, and who has not reported.
import { useState } from "preact/hooks";
import { AccountCard } from "../accounts/page.tsx";
import { mayJudge } from "../accounts/rights.ts";
import { localDay } from "../facts/deadlines.ts";
import { Vanished } from "../ledger/counts.tsx";
import { kindInWords } from "../ledger/problem.tsx";
import { orderText } from "../orders/rules.ts";
import { listOrders, today } from "../orders/store.ts";
import { agoInWords, dateInWords } from "../ui/dates.ts";
import { type Entry, textAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { now, phone, role } from "../ui/phone.ts";
import { SyncBar } from "../ui/sync-bar.tsx";
import { counted, currentLanguage, type TextKey, t } from "../ui/text.ts";
import { entryName, entryPlace } from "./entry-name.ts";
import { originInWords } from "./grade.ts";
import { OwnersToCheck } from "./owners.tsx";
import { countDeclared, isGreen, listOverdue, sortWork } from "./rules.ts";
import { SearchBox } from "./search.tsx";
import { acceptAll, batchMax, listVerified } from "./store.ts";

const shownAtOnce = 50;

export function InboxPage() {
  const { register } = phone.value;
  const entries = [...phone.value.entries.values()];
  const nowInstant = new Date(now.value).toISOString();
  const overdue = register ? listOverdue(entries, register, today.value, nowInstant) : [];
  const work = sortWork(entries, { overdue, verified: listVerified() });
  const green = work.fresh.filter(isGreen);
  const isEmpty = Object.values(work).every((list) => list.length === 0);
  return (
    <Screen title={t("inbox.title")}>
      <Vanished />
      {role.value === "owner" && <AccountCard />}
      <SearchBox>
        <Coverage entries={entries} />
        {mayJudge(role.value) && (
          <a class="button wide" href="/app/premises/new" data-testid="premises-new">
            <Icon name="add" /> {t("paper.place")}
          </a>
        )}
        {isEmpty && (
          <Notice tone="accepted" icon="check">
            <p>{t("inbox.empty")}</p>
          </Notice>
        )}
        <Section title="inbox.corrected" entries={work.corrected} />
        <Section title="state.conflict" entries={work.conflicts} />
        <Section title="inbox.new" entries={work.fresh} />
        {green.length > 0 && mayJudge(role.value) && <AcceptAll green={green} />}
        <Section title="inbox.unverified" entries={work.unverified} />
        {mayJudge(role.value) && <OwnersToCheck entries={entries} />}
        <Overdue entries={work.overdue} />
      </SearchBox>
      <SyncBar />
    </Screen>
  );
}

/** By order, as the register counts it: places of verified owners, and those of them that have declared. */
function Coverage({ entries }: { readonly entries: readonly Entry[] }) {
  const { register } = phone.value;
  if (!register) return null;
  const orders = countDeclared(entries, register, today.value, now.value);
  return (
    <ul class="plain">
      {orders.map(({ order, declared, known }) => (
        <li
          key={order.id}
          class="soft"
          data-testid="coverage"
          data-order={order.id}
          data-declared={declared}
          data-known={known}
        >
          <label>
            {t("inbox.declared", { declared, known })} · {orderText(order, "title", currentLanguage())}
            <progress value={declared} max={known} />
          </label>
        </li>
      ))}
    </ul>
  );
}

function Section({ title, entries }: { readonly title: TextKey; readonly entries: readonly Entry[] }) {
  const [shown, show] = useState(shownAtOnce);
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>
        {t(title)} ({counted(entries.length)})
      </h2>
      <ul class="list">
        {entries.slice(0, shown).map((entry) => (
          <InboxItem key={entry.id} entry={entry} />
        ))}
      </ul>
      {entries.length > shown && (
        <button type="button" class="button wide" onClick={() => show(shown + shownAtOnce)}>
          <Icon name="add" /> {t("inbox.show-more", { n: Math.min(shownAtOnce, entries.length - shown) })}
        </button>
      )}
    </section>
  );
}

function InboxItem({ entry }: { readonly entry: Entry }) {
  const marks = entry.view?.marks?.length ?? 0;
  const [kind, name] = [kindInWords(entry.kind), entryName(entry)];
  const received = entry.view?.received_at;
  return (
    <li>
      <a href={`/app/inbox/${entry.id}`} data-testid="inbox-item" data-kind={entry.kind} data-marks={marks}>
        <span class="title">{name}</span>
        {marks > 0 ? (
          <span class="state tone-waiting">
            <Icon name="warning" /> {t("inbox.marks", { n: marks })}
          </span>
        ) : (
          <span class="state tone-accepted">
            <Icon name="check" /> {t("inbox.no-marks")}
          </span>
        )}
        <span class="detail">
          {[
            kind === name ? "" : kind,
            entryPlace(entry) === name ? "" : entryPlace(entry),
            originInWords(entry),
            received && agoInWords(received, now.value),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </a>
    </li>
  );
}

/** Two taps for all that nobody has to look at: the first shows which, the second accepts them. */
function AcceptAll({ green }: { readonly green: readonly Entry[] }) {
  const [asked, ask] = useState(false);
  const batch = green.slice(0, batchMax);
  const n = batch.length;
  const accept = () => {
    // First, so that a second tap finds no button.
    ask(false);
    void acceptAll(batch);
  };
  if (!asked) {
    return (
      <button type="button" class="button wide" onClick={() => ask(true)} data-testid="review-accept-all">
        <Icon name="check" /> {t("inbox.accept-all", { n })}
      </button>
    );
  }
  return (
    <section class="card accepted">
      <p>{t("inbox.accept-all-list")}</p>
      <ul>
        {batch.map((entry) => (
          <li key={entry.id}>
            {[...new Set([entryName(entry), entryPlace(entry)])].filter(Boolean).join(" · ")}
          </li>
        ))}
      </ul>
      <p class="hint">{t("review.accept-means")}</p>
      <button type="button" class="button first" onClick={accept} data-testid="review-accept-all">
        <Icon name="check" /> {t("inbox.accept-all-yes", { n })}
      </button>
      <button type="button" class="button quiet wide" onClick={() => ask(false)}>
        {t("word.cancel")}
      </button>
    </section>
  );
}

function Overdue({ entries }: { readonly entries: readonly Entry[] }) {
  const [shown, show] = useState(shownAtOnce);
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>
        {t("inbox.overdue")} ({counted(entries.length)})
      </h2>
      <ul class="list">
        {entries.slice(0, shown).map((premises) => (
          <li key={premises.id}>
            <a href={`/app/premises/${premises.id}`} data-testid="overdue-item">
              <span class="title">{entryName(premises)}</span>
              <span class="detail">
                {t("inbox.overdue-item", { when: deadlineOf(premises) })} · {originInWords(premises)}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {entries.length > shown && (
        <button type="button" class="button wide" onClick={() => show(shown + shownAtOnce)}>
          <Icon name="add" /> {t("inbox.show-more", { n: Math.min(shownAtOnce, entries.length - shown) })}
        </button>
      )}
    </section>
  );
}

function deadlineOf(premises: Entry): string {
  const order = listOrders(premises.place).find((one) => textAt(one, "deadline_at"));
  return order ? dateInWords(localDay(Date.parse(textAt(order, "deadline_at")))) : "";
}
