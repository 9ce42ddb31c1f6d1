// Everything this phone has composed, by what a person has to do about it: to correct, waiting, received.

import { agoInWords } from "../ui/dates.ts";
import { isReceived, isStuck, isWaiting, type OwnDocument } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { now, phone, waitingCount } from "../ui/phone.ts";
import { timeOf } from "../ui/register-time.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { SyncBar } from "../ui/sync-bar.tsx";
import { counted, t } from "../ui/text.ts";
import { Discarded, DiscardPart } from "./discard.tsx";
import { correctPath, entryPath, titleOf } from "./entry-path.ts";
import { ExportButton } from "./export.tsx";
import { Delays, ProblemNotice } from "./problem.tsx";
import { countReturned, ReturnedItems } from "./to-correct.tsx";

const shownMax = 100;

export function OutboxPage() {
  const { documents } = phone.value;
  const stuck = documents.filter(isStuck);
  const newestFirst = [...documents].sort((a, b) => b.order - a.order);
  const waiting = newestFirst.filter(isWaiting);
  const received = newestFirst.filter(isReceived);
  return (
    <Screen title={t("outbox.title")} back="/app/">
      <SyncBar />
      <section id="returned" data-testid="outbox-returned" data-count={countReturned()}>
        <ReturnedItems />
        {stuck.length > 0 && <h2>{t("outbox.stuck")}</h2>}
        {stuck.map((document) => (
          <StuckItem key={document.id} document={document} />
        ))}
      </section>
      <section id="waiting" data-testid="outbox-waiting" data-count={waitingCount.value}>
        <h2>
          {t("outbox.waiting")} ({counted(waiting.length)})
        </h2>
        <Delays documents={waiting} />
        <Documents documents={waiting} />
      </section>
      <section id="received" data-testid="outbox-received" data-count={received.length}>
        <h2>
          {t("outbox.received")} ({counted(received.length)})
        </h2>
        <Documents documents={received} />
      </section>
      <Discarded />
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
            <span class="detail">{agoInWords(timeOf(document, phone.value.device), now.value)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** One that could not be taken never hides the others; it says what to do about itself. */
function StuckItem({ document }: { readonly document: OwnDocument }) {
  const isAccount = document.kind === "account";
  const mayGo = !isAccount && (document.state === "rejected" || isLeftBehind(document));
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
      {mayGo && <DiscardPart document={document} />}
    </article>
  );
}

/** What it rests on was put right without it: a pledge, which nobody but its signer can make again. */
function isLeftBehind({ blocked_by }: OwnDocument): boolean {
  return phone.value.documents.some(({ id, replaced_by }) => id === blocked_by && replaced_by !== null);
}
