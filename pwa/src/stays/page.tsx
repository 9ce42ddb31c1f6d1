// One person as the owner sees it: where the entry stands, what the police ask, and what can be done about it.
import { FirstProblem } from "../ledger/problem.tsx";
import { today } from "../orders/store.ts";
import { History } from "../review/history.tsx";
import { ReturnedNotice } from "../review/returned.tsx";
import { dateInWords } from "../ui/dates.ts";
import { type Entry, isReceived, isStuck, lastOf, listBranches, listDifferences } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { t } from "../ui/text.ts";
import { DeparturePart, WithdrawalPart } from "./ending.tsx";
import { StayFacts } from "./facts.tsx";
import { nameOf } from "./name.ts";
import { liesAhead } from "./rules.ts";
import { chooseBranch } from "./store.ts";

export function StayPage({ entry }: { readonly entry: Entry }) {
  const isOver = entry.is_withdrawn || entry.state === "superseded";
  // What the register never took cannot end there either; it is put right, or left.
  const isKnown = entry.view !== undefined || !entry.own.some(isStuck);
  return (
    <Screen title={nameOf(entry) || t("stay.unnamed")} back={`/app/premises/${entry.premises_id}`}>
      <p>
        <StateBadge state={entry.state} />
      </p>
      <FirstProblem entry={entry} />
      <ReturnedNotice entry={entry} />
      <Branches entry={entry} />
      {entry.left_on && <LeftOn day={entry.left_on} />}
      {!isOver && (
        <div class="buttons">
          <a
            class={entry.state === "returned" ? "button first" : "button"}
            href={`/app/stays/${entry.id}/correct`}
            data-testid="stay-correct"
          >
            <Icon name="pen" /> {t("stay.edit")}
          </a>
        </div>
      )}
      {!isOver && isKnown && <DeparturePart entry={entry} />}
      <StayFacts body={entry.body} />
      <History entry={entry} />
      <LatestReceipt entry={entry} />
      {!isOver && isKnown && <WithdrawalPart entry={entry} />}
    </Screen>
  );
}

function LeftOn({ day }: { readonly day: string }) {
  return (
    <Notice tone="plain" icon="leave" testId="left-on">
      <p>
        {t(liesAhead(day, today.value) ? "stay.leaves" : "stay.left")} · {dateInWords(day)}
      </p>
    </Notice>
  );
}

function LatestReceipt({ entry }: { readonly entry: Entry }) {
  const receipt = lastOf(entry.own, isReceived);
  if (!receipt) return null;
  return (
    <p>
      <a class="button quiet" href={`/app/receipts/${receipt.id}`} data-testid="receipt-open">
        <Icon name="receipt" /> {t("outbox.receipt")}
      </a>
    </p>
  );
}

/** Changes made at the same time: nothing is lost, a person says which holds. */
function Branches({ entry }: { readonly entry: Entry }) {
  const branches = listBranches(entry);
  if (entry.state !== "conflict" || branches.length < 2) return null;
  const differences = listDifferences(branches.map(({ body }) => body));
  return (
    <section class="card returned">
      <p>{t("stay.conflict-why")}</p>
      <div class="side-by-side">
        {branches.map((branch, at) => (
          <div class="card" key={branch.id}>
            <h2>{t("review.branch", { n: at + 1 })}</h2>
            <StayFacts body={differences[at] ?? branch.body} />
            <button
              type="button"
              class="button"
              onClick={() => void chooseBranch(entry, branch.body)}
              data-testid={`branch-use-${at + 1}`}
            >
              <Icon name="check" /> {t("stay.conflict-use")}
            </button>
          </div>
        ))}
      </div>
    </section>
  );
}
