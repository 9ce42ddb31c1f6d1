// Why the register refused a document, and what to do about it.
import { type Entry, isStuck, type OwnDocument } from "../ui/entries.ts";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { fieldProblems, problemInWords } from "../ui/problems.ts";
import { isTextKey, t } from "../ui/text.ts";

/** The first thing that stands in the way of an entry, if any. */
export function FirstProblem({ entry }: { readonly entry: Entry }) {
  const stuck = entry.own.find(isStuck);
  return stuck ? <ProblemNotice document={stuck} /> : null;
}

export function ProblemNotice({ document }: { readonly document: OwnDocument }) {
  const { code, errors, blocked_by } = document;
  const blocking = phone.value.documents.find(({ id }) => id === blocked_by);
  return (
    <Notice tone="returned" icon="warning" testId="problem">
      {code && <p>{problemInWords({ code })}</p>}
      <ul>
        {fieldProblems({ code: code ?? "", errors }).map(({ field, text }) => (
          <li key={field}>
            <span class="code">{field}</span>: {text}
          </li>
        ))}
      </ul>
      {blocking && <p>{t("outbox.blocked-by", { what: kindInWords(blocking.kind) })}</p>}
      {code && (
        <p class="hint">
          {t("outbox.technical")}: <span class="code">{code}</span>
        </p>
      )}
    </Notice>
  );
}

export function kindInWords(kind: string): string {
  const key = `kind.${kind}`;
  return isTextKey(key) ? t(key) : kind;
}
