// Why the register refused a document, and what to do about it.
import { useEffect, useState } from "preact/hooks";
import { delayOf, type Entry, isStuck, type OwnDocument } from "../ui/entries.ts";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { problemInWords } from "../ui/problems.ts";
import { isTextKey, t } from "../ui/text.ts";
import type * as RefusedFields from "./refused-fields.ts";

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
  const { code, errors, blocked_by, kind } = document;
  if (!code) return <Blocked by={blocked_by} />;
  return (
    <Notice tone="returned" icon="warning" testId="problem">
      <p>{problemInWords({ code })}</p>
      {errors.length > 0 && (
        <ul>
          {errors.map((error) => (
            <li key={error.pointer}>
              <FieldName kind={kind} pointer={error.pointer} />
              {problemInWords(error)}
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

/** As the form calls it; nothing where no form asks for it. */
function FieldName({ kind, pointer }: { readonly kind: string; readonly pointer: string }) {
  const [fields, setFields] = useState<typeof RefusedFields>();
  useEffect(() => void import("./refused-fields.ts").then(setFields, () => undefined), []);
  return (
    <div>
      <strong>{fields?.nameInForm(kind, pointer, t)}</strong>
    </div>
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
