// The signed pledge as a page for screen and paper: the very wording that was displayed, with the exceptions of that day.
import { type Order, orderText } from "../orders/rules.ts";
import { today } from "../orders/store.ts";
import { placeInWords } from "../places/page.tsx";
import { nameInWords } from "../premises/name.ts";
import { instantInWords } from "../ui/dates.ts";
import { type Entry, isReceived, lastOf, textAt, valueAt } from "../ui/entries.ts";
import { Facts } from "../ui/facts.tsx";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { phone } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { currentLanguage, t } from "../ui/text.ts";
import { DraftNotice, Exceptions, TextProof } from "./parts.tsx";
import { findText, isApproved, listExceptions, wordingOf } from "./rules.ts";

type SignedProps = { readonly premises: Entry; readonly pledge: Entry; readonly order: Order };

export function SignedPledgePage({ premises, pledge, order }: SignedProps) {
  const text = findText(phone.value.register?.pledge_texts ?? [], textAt(pledge.body, "text_id"));
  const wording = text && wordingOf(text, textAt(pledge.body, "language"));
  const receipt = lastOf(pledge.own, isReceived);
  return (
    <Screen title={wording?.title ?? t("pledge.title")} back={`/app/premises/${premises.id}`}>
      <p data-testid="pledge-signed">
        <StateBadge state={pledge.state} />
      </p>
      {text && !isApproved(text) && <DraftNotice />}
      <p class="soft">{orderText(order, "title", currentLanguage())}</p>
      {wording && (
        <div lang={wording.language}>
          <p>{wording.preamble}</p>
          {wording.clauses.map(({ n, text: clause }) => (
            <p key={n}>
              {n}. {clause}
            </p>
          ))}
          <p>{wording.closing}</p>
        </div>
      )}
      <Exceptions excepted={listExceptions(exceptedStays(pledge), today.value)} />
      <SignedFacts premises={premises} pledge={pledge} />
      {text && wording && <TextProof signing={{ text, wording }} />}
      <div class="buttons no-print">
        {receipt && (
          <a class="button" href={`/app/receipts/${receipt.id}`}>
            <Icon name="receipt" /> {t("outbox.receipt")}
          </a>
        )}
        <button type="button" class="button" onClick={() => print()}>
          <Icon name="print" /> {t("pledge.print")}
        </button>
      </div>
    </Screen>
  );
}

function exceptedStays(pledge: Entry): readonly Entry[] {
  const ids = valueAt(pledge.body, "exceptions");
  const named: readonly unknown[] = Array.isArray(ids) ? ids : [];
  return named.flatMap((id) => phone.value.entries.get(String(id)) ?? []);
}

function SignedFacts({ premises, pledge }: Pick<SignedProps, "premises" | "pledge">) {
  const made = pledge.own[0]?.made_at ?? pledge.view?.received_at;
  const capacity = textAt(pledge.body, "capacity");
  const facts = [
    [t("pledge.signer"), textAt(pledge.body, "identity", "typed_name")],
    [t("pledge.capacity"), capacity && t(`capacity.${capacity}` as "capacity.owner")],
    [t("premises.title"), `${nameInWords(premises)}, ${placeInWords(premises.place)}`],
    [
      t("pledge.date-place"),
      [textAt(pledge.body, "signed_place"), made && instantInWords(made)].filter(Boolean).join(", "),
    ],
    [t("pledge.witness"), textAt(pledge.body, "identity", "witness")],
  ] as const;
  return <Facts facts={facts} />;
}
