// Says that an unfinished form was brought back, and offers to begin afresh.
import type { Drafting } from "./draft.ts";
import { Notice } from "./notice.tsx";
import { t } from "./text.ts";

export function DraftNotice({ draft }: { readonly draft: Drafting }) {
  if (!draft.isRestored) return null;
  return (
    <Notice tone="received" icon="pen" live testId="draft-restored">
      <p>{t("draft.restored")}</p>
      <button type="button" class="button quiet" onClick={draft.discard} data-testid="draft-discard">
        {t("draft.discard")}
      </button>
    </Notice>
  );
}
