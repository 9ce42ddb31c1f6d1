// Why the register refused a document, and what to do about it.
import { delayOf, type Entry, isStuck, type OwnDocument } from "../ui/entries.ts";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { fieldProblems, problemInWords } from "../ui/problems.ts";
import { isTextKey, t } from "../ui/text.ts";

/** The first thing that stands in the way of an entry, if any. */
export function FirstProblem({ entry }: { readonly entry: Entry }) {
  const stuck = entry.own.find(isStuck);
  return stuck ? <ProblemNotice document={stuck} /> : <Delays documents={entry.own} />;
}

/** What the register told to wait, each reason once, with what to do about it. */
export function Delays({ documents }: { readonly documents: readonly OwnDocument[] }) {
  const codes = [...new Set(documents.flatMap((document) => delayOf(document) ?? []))];
  return codes.map((code) => (
    <Notice key={code} tone="waiting" icon="clock" testId="delayed">
      <p>{problemInWords({ code })}</p>
    </Notice>
  ));
}

export function ProblemNotice({ document }: { readonly document: OwnDocument }) {
  const { code, errors, blocked_by } = document;
  if (!code) return <Blocked by={blocked_by} />;
  const fields = fieldProblems({ code, errors });
  return (
    <Notice tone="returned" icon="warning" testId="problem">
      <p>{problemInWords({ code })}</p>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ field, text }) => (
            <li key={field}>
              <span class="code">{field}</span>: {text}
            </li>
          ))}
        </ul>
      )}
      <p class="hint">
        {t("outbox.technical")}: <span class="code">{code}</span>
      </p>
    </Notice>
  );
}

/** Nothing is wrong with it; it rests on something that is. */
function Blocked({ by }: { readonly by: string | null }) {
  const blocking = phone.value.documents.find(({ id }) => id === by);
  if (!blocking) return null;
  return <p data-testid="problem">{t("outbox.blocked-by", { what: kindInWords(blocking.kind) })}</p>;
}

export function kindInWords(kind: string): string {
  const key = `kind.${kind}`;
  return isTextKey(key) ? t(key) : kind;
}
