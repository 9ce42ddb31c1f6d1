// Everything this phone has composed, by what a person has to do about it: to correct, waiting, received.

import { nameInWords } from "../premises/page.tsx";
import { nameOf } from "../stays/answers.ts";
import { agoInWords } from "../ui/dates.ts";
import { type Entry, isReceived, isStuck, isWaiting, type OwnDocument } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { now, phone, waitingCount } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { SyncBar } from "../ui/sync-bar.tsx";
import { t } from "../ui/text.ts";
import { countReturned } from "./counts.tsx";
import { ExportButton } from "./export.tsx";
import { kindInWords, ProblemNotice } from "./problem.tsx";

const shownMax = 100;

export function OutboxPage() {
  const { documents, entries } = phone.value;
  const stuck = documents.filter(isStuck);
  const returned = [...entries.values()].filter(
    ({ state, view }) => view && (state === "returned" || state === "conflict"),
  );
  const newestFirst = [...documents].sort((a, b) => b.order - a.order);
  const waiting = newestFirst.filter(isWaiting);
  const received = newestFirst.filter(isReceived);
  return (
    <Screen title={t("outbox.title")} back="/app/">
      <SyncBar />
      <section id="returned" data-testid="outbox-returned" data-count={countReturned()}>
        {(returned.length > 0 || stuck.length > 0) && <h2>{t("outbox.to-correct")}</h2>}
        {returned.map((entry) => (
          <ReturnedItem key={entry.id} entry={entry} />
        ))}
        {stuck.map((document) => (
          <StuckItem key={document.id} document={document} />
        ))}
      </section>
      <section id="waiting" data-testid="outbox-waiting" data-count={waitingCount.value}>
        <h2>
          {t("outbox.waiting")} ({waiting.length})
        </h2>
        <Documents documents={waiting} />
      </section>
      <section id="received" data-testid="outbox-received" data-count={received.length}>
        <h2>
          {t("outbox.received")} ({received.length})
        </h2>
        <Documents documents={received} />
      </section>
      <ExportButton />
    </Screen>
  );
}

function Documents({ documents }: { readonly documents: readonly OwnDocument[] }) {
  if (documents.length === 0) return <p class="soft">{t("outbox.empty")}</p>;
  return (
    <ul class="list">
      {documents.slice(0, shownMax).map((document) => (
        <li key={document.id}>
          <a
            href={isReceived(document) ? `/app/receipts/${document.id}` : entryPath(document)}
            data-testid="outbox-item"
            data-state={document.state}
          >
            <span class="title">{titleOf(document)}</span>
            <StateBadge state={document.state} />
            <span class="detail">{agoInWords(document.made_at, now.value)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function ReturnedItem({ entry }: { readonly entry: Entry }) {
  return (
    <p>
      <a class="button wide" href={pathOf(entry)} data-testid="returned-item">
        <Icon name="pen" /> {entryName(entry) || kindInWords(entry.kind)}
      </a>
    </p>
  );
}

/** One that could not be taken never hides the others; it says what to do about itself. */
function StuckItem({ document }: { readonly document: OwnDocument }) {
  const isAccount = document.kind === "account";
  return (
    <article class="card returned" data-testid="stuck-item">
      <h3>
        {titleOf(document)} <StateBadge state={document.state} />
      </h3>
      <ProblemNotice document={document} />
      {document.state === "rejected" && (
        <a
          class="button"
          href={isAccount ? "/app/register" : correctPath(document)}
          data-testid="stuck-correct"
        >
          <Icon name="pen" /> {t("outbox.correct")}
        </a>
      )}
    </article>
  );
}

function titleOf(document: OwnDocument): string {
  const entry = phone.value.entries.get(document.entity);
  const name = entry ? entryName(entry) : "";
  return [kindInWords(document.kind), name].filter(Boolean).join(" · ");
}

function entryName(entry: Entry): string {
  if (entry.kind === "stay") return nameOf(entry);
  const premises = entry.kind === "premises" ? entry : phone.value.entries.get(entry.premises_id ?? "");
  return premises ? nameInWords(premises) : "";
}

function entryPath({ entity }: OwnDocument): string {
  const entry = phone.value.entries.get(entity);
  return entry ? pathOf(entry) : "/app/";
}

function pathOf(entry: Entry): string {
  if (entry.kind === "stay") return `/app/stays/${entry.id}`;
  if (entry.kind === "pledge") return `/app/premises/${entry.premises_id}/pledge`;
  if (entry.kind === "declaration") return `/app/premises/${entry.premises_id}/declare`;
  return `/app/premises/${entry.id}`;
}

/** Where the refused entry is put right: its own form, or the screen on which it is made again. */
function correctPath(document: OwnDocument): string {
  const path = entryPath(document);
  return document.kind === "stay" || document.kind === "premises" ? `${path}/correct` : path;
}
