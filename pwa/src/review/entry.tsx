// One entry before the officer: the facts, the marks with their reasons, earlier versions, and the verdict.
import { useState } from "preact/hooks";
import { mayJudge } from "../accounts/rights.ts";
import { FirstProblem } from "../ledger/problem.tsx";
import { Marks } from "../marks/page.tsx";
import { type Answers, type FormError, finish, longTextOf, type Read } from "../ui/answers.ts";
import { instantInWords } from "../ui/dates.ts";
import { type Entry, listBranches, listDifferences } from "../ui/entries.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { FieldGroup, LongTextField } from "../ui/fields.tsx";
import { answer, type Form, setAnswers, useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { role } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { submit } from "../ui/submit.ts";
import { t } from "../ui/text.ts";
import { EntryFacts } from "./entry-facts.tsx";
import { entryName, entryPlace } from "./entry-name.ts";
import { mayCorrect } from "./grade.ts";
import { History } from "./history.tsx";
import { Origin } from "./origin.tsx";
import type { ReasonCode } from "./records.ts";
import { reasonInWords } from "./returned.tsx";
import { isUnverified, reasonsFor, verdictAt } from "./rules.ts";
import { listVerified, saveVerdict, type Verdict } from "./store.ts";

export function EntryPage({ entry }: { readonly entry: Entry }) {
  const [saved, setSaved] = useState<Verdict["verdict"] | null>(null);
  return (
    <Screen title={entryName(entry)} back="/app/inbox">
      <p>
        <StateBadge state={entry.state} />{" "}
        {isUnverified(entry, listVerified()) && <StateBadge state="unverified" />}
      </p>
      <p>
        <a href={`/app/premises/${entry.premises_id ?? entry.id}`}>
          {entryPlace(entry) || t("inbox.open-place")}
        </a>
      </p>
      <Origin entry={entry} />
      <Marks marks={entry.view?.marks ?? []} />
      <FirstProblem entry={entry} />
      <FormerReview entry={entry} />
      <h2>{t("stay.facts")}</h2>
      <EntryFacts kind={entry.kind} body={entry.body} />
      {entry.view?.received_at && (
        <p class="soft">
          {t("receipt.received_at")}: {instantInWords(entry.view.received_at)}
        </p>
      )}
      <Branches entry={entry} />
      {saved ? (
        <Notice tone="accepted" icon="check" live testId="review-saved">
          <p>{t(`review.saved-${saved}`)}</p>
          <a class="button" href="/app/inbox">
            <Icon name="work" /> {t("inbox.title")}
          </a>
        </Notice>
      ) : (
        <VerdictPart entry={entry} onSaved={setSaved} />
      )}
      <PaperCorrection entry={entry} />
      <History entry={entry} />
    </Screen>
  );
}

/** What the post itself entered from paper it may also correct and end; what others said stays as they said it. */
function PaperCorrection({ entry }: { readonly entry: Entry }) {
  const isOver = ["withdrawn", "superseded"].includes(entry.state);
  if (entry.kind !== "stay" || !mayCorrect(entry) || isOver) return null;
  return (
    <a class="button wide" href={`/app/stays/${entry.id}`} data-testid="paper-correct">
      <Icon name="pen" /> {t("paper.correct")}
    </a>
  );
}

const verdictStates: Readonly<Record<string, string>> = {
  accept: "accepted",
  return: "returned",
  refer: "referred",
};

/** What the police said before; a mere "accepted" of what stands here is already said by the state on top. */
function FormerReview({ entry: { view } }: { readonly entry: Entry }) {
  const former = view?.review;
  const isSaid = former?.is_of_this_revision && former.reasons.length === 0 && !former.remarks;
  if (!former || isSaid) return null;
  return (
    <Notice tone="plain" icon="pen" testId="former-review">
      <p>
        {t("review.earlier-verdict")}: <StateBadge state={verdictStates[former.verdict] ?? former.verdict} />
      </p>
      {former.reasons.length > 0 && (
        <ul>
          {former.reasons.map((reason) => (
            <li key={reason}>{reasonInWords(reason)}</li>
          ))}
        </ul>
      )}
      {former.remarks && <p class="said">“{former.remarks}”</p>}
    </Notice>
  );
}

function Branches({ entry }: { readonly entry: Entry }) {
  const branches = listBranches(entry);
  if (branches.length === 0) return null;
  const differences = listDifferences(branches.map(({ body }) => body));
  return (
    <section>
      <h2>{t("review.branches")}</h2>
      <div class="side-by-side">
        {branches.map((branch, at) => (
          <div class="card" key={branch.id} data-testid="branch">
            <h3>{t("review.branch", { n: at + 1 })}</h3>
            <EntryFacts kind={entry.kind} body={differences[at] ?? branch.body} />
          </div>
        ))}
      </div>
      <p>{t("review.conflict-owner")}</p>
    </section>
  );
}

type JudgingProps = { readonly entry: Entry; readonly onSaved: (verdict: Verdict["verdict"]) => void };

/** Where the police have answered already, another answer is a second thought and stays folded up. */
function VerdictPart(props: JudgingProps) {
  const verdict = verdictAt(props.entry);
  if (verdict === "none" || !mayJudge(role.value)) return null;
  if (verdict === "due") return <Judging {...props} />;
  return (
    <details>
      <summary data-testid="review-again">{t("review.again")}</summary>
      <Judging {...props} />
    </details>
  );
}

function Judging({ entry, onSaved }: JudgingProps) {
  const form = useForm({});
  const judge = (verdict: Verdict["verdict"]) =>
    void submit(form, readVerdict(form.answers.value, verdict, reasonsFor(entry.kind)), {
      store: (value) => saveVerdict(entry, value),
      saved: () => onSaved(verdict),
    });
  return (
    <section class="card">
      <ErrorSummary form={form} />
      <button type="button" class="button first" onClick={() => judge("accept")} data-testid="review-accept">
        <Icon name="check" /> {t("review.accept")}
      </button>
      <p class="hint">{t("review.accept-means")}</p>
      <Reasons form={form} reasons={reasonsFor(entry.kind)} />
      <LongTextField
        form={form}
        name="remarks"
        label={t("review.remarks")}
        rows={2}
        optional
        testId="review-remarks"
      />
      <div class="buttons">
        <button
          type="button"
          class="button danger"
          onClick={() => judge("return")}
          data-testid="review-return"
        >
          <Icon name="pen" /> {t("review.return")}
        </button>
        <button type="button" class="button" onClick={() => judge("refer")} data-testid="review-refer">
          <Icon name="share" /> {t("review.refer")}
        </button>
      </div>
    </section>
  );
}

function Reasons({ form, reasons }: { readonly form: Form; readonly reasons: readonly ReasonCode[] }) {
  return (
    <FieldGroup form={form} name="reasons" label={t("review.return-why")}>
      <div class="choices">
        {reasons.map((reason) => (
          <label key={reason}>
            <input
              type="checkbox"
              checked={answer(form, `reasons.${reason}`) === "yes"}
              onChange={(event) =>
                setAnswers(form, { [`reasons.${reason}`]: event.currentTarget.checked ? "yes" : "" })
              }
              data-testid={`review-reason-${reason}`}
            />
            {reasonInWords(reason)}
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

function readVerdict(
  answers: Answers,
  verdict: Verdict["verdict"],
  reasons: readonly ReasonCode[],
): Read<Verdict> {
  if (verdict === "accept") return { ok: true, value: { verdict, reasons: [], remarks: "" } };
  const errors: FormError[] = [];
  const chosen = reasons.filter((reason) => answers[`reasons.${reason}`] === "yes");
  const remarks = longTextOf(answers, "remarks");
  const isReasoned = chosen.length > 0 || (verdict === "refer" && remarks !== "");
  if (!isReasoned) errors.push({ field: "reasons", key: "problem.form.reason" });
  if (chosen.includes("other") && !remarks) errors.push({ field: "remarks", key: "problem.form.remarks" });
  return finish(errors, { verdict, reasons: chosen, remarks });
}
