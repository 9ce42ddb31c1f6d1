// What the police asked to be corrected, in the owner's language.
import type { Entry } from "../ui/entries.ts";
import { Notice } from "../ui/notice.tsx";
import { isTextKey, t } from "../ui/text.ts";

export function ReturnedNotice({ entry }: { readonly entry: Entry }) {
  const review = entry.view?.review;
  if (entry.state !== "returned" || !review) return null;
  return (
    <Notice tone="returned" icon="pen" testId="returned">
      <p>{t("stay.returned-why")}</p>
      <ul>
        {review.reasons.map((reason) => (
          <li key={reason}>{reasonInWords(reason)}</li>
        ))}
      </ul>
      {review.remarks && <p class="said">“{review.remarks}”</p>}
    </Notice>
  );
}

export function reasonInWords(reason: string): string {
  const key = `reason.${reason}`;
  return isTextKey(key) ? t(key) : reason;
}
