// What an entry of any kind says, in words.
import { PledgeFacts } from "../pledges/facts.tsx";
import { PremisesFacts } from "../premises/facts.tsx";
import { StayFacts } from "../stays/facts.tsx";
import type { JsonObject } from "../sync/messages.ts";
import { instantInWords } from "../ui/dates.ts";
import { textAt, valueAt } from "../ui/entries.ts";
import { t } from "../ui/text.ts";

export function EntryFacts({ kind, body }: { readonly kind: string; readonly body: JsonObject }) {
  if (kind === "stay") return <StayFacts body={body} />;
  if (kind === "premises") return <PremisesFacts body={body} />;
  if (kind === "declaration") {
    const as_of = textAt(body, "as_of");
    return (
      <p>
        {t("declare.made", { when: as_of && instantInWords(as_of), n: Number(valueAt(body, "count") ?? 0) })}
      </p>
    );
  }
  return <PledgeFacts body={body} />;
}
