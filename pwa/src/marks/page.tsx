// Marks in words: each a fact to look at with what explains it, never a verdict.
import { dateInWords, instantInWords } from "../ui/dates.ts";
import { Notice } from "../ui/notice.tsx";
import { isTextKey, t } from "../ui/text.ts";

type Mark = { readonly code: string; readonly params?: Readonly<Record<string, unknown>> };

/** Papers that ran out or are missing lead to a question about the person's safety first. */
const askFirst = new Set(["visa_expired", "permit_expired", "document_held_by_other", "no_permit_data"]);

export function Marks({ marks }: { readonly marks: readonly Mark[] }) {
  if (marks.length === 0) return <p class="soft">{t("review.no-marks")}</p>;
  return (
    <Notice tone="waiting" icon="warning" testId="marks">
      <p>
        <strong>{t("review.marks")}</strong>
      </p>
      <ul>
        {marks.map((mark) => (
          <li key={mark.code}>{markInWords(mark)}</li>
        ))}
      </ul>
      {marks.some(({ code }) => askFirst.has(code)) && <p>{t("review.screen-first")}</p>}
    </Notice>
  );
}

function markInWords({ code, params = {} }: Mark): string {
  const key = `mark.${code}`;
  if (!isTextKey(key)) return t("mark.other", { code });
  const { due_at, expires_on, holder, failing, declared, found, minutes, count, arrived_on, left_on, days } =
    params;
  return t(key, {
    due: typeof due_at === "string" ? instantInWords(due_at) : "-",
    expires: dateInWords(typeof expires_on === "string" ? expires_on : undefined),
    arrived: dateInWords(String(arrived_on)),
    left: dateInWords(String(left_on)),
    days: listed(days, (day) => dateInWords(String(day))),
    holder: coded("holder", holder),
    failing: listed(failing, (part) => coded("mrz-part", part)),
    declared: Number(declared ?? 0),
    found: Number(found ?? 0),
    count: Number(count ?? 0),
    minutes: Math.abs(Number(minutes ?? 0)),
  });
}

function listed(values: unknown, inWords: (value: unknown) => string): string {
  return Array.isArray(values) ? [...new Set(values.map(inWords))].join(", ") : "-";
}

function coded(prefix: string, code: unknown): string {
  const key = `${prefix}.${String(code)}`;
  return isTextKey(key) ? t(key) : String(code ?? "-");
}
