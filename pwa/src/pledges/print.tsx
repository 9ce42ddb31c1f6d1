// The signed pledge as a page for screen and paper: the very wording that was displayed, with the exceptions of that day.
import { type Order, orderText } from "../orders/rules.ts";
import { today } from "../orders/store.ts";
import { placeInWords } from "../places/page.tsx";
import { nameInWords } from "../premises/name.ts";
import { ReturnedNotice } from "../review/returned.tsx";
import { instantInWords } from "../ui/dates.ts";
import type { Entry } from "../ui/entries.ts";
import { Facts } from "../ui/facts.tsx";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { phone } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { currentLanguage, t } from "../ui/text.ts";
import { DraftNotice, Exceptions, ReceiptLink, signerFacts, TextProof } from "./parts.tsx";
import { findSigned, isApproved, listSignedExceptions } from "./rules.ts";

type SignedProps = { readonly premises: Entry; readonly pledge: Entry; readonly order: Order };

export function SignedPledgePage({ premises, pledge, order }: SignedProps) {
  const { register, entries } = phone.value;
  const { text, wording } = findSigned(register?.pledge_texts ?? [], pledge) ?? {};
  return (
    <Screen title={wording?.title ?? t("pledge.title")} back={`/app/premises/${premises.id}`}>
      <p data-testid="pledge-signed">
        <StateBadge state={pledge.state} />
      </p>
      <ReturnedNotice entry={pledge} />
      {text && !isApproved(text) && <DraftNotice />}
      <p class="soft">{orderText(order, "title", currentLanguage())}</p>
      {!wording && <p>{t("pledge.text-not-here")}</p>}
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
      <Exceptions {...listSignedExceptions(pledge, entries, today.value)} />
      <SignedFacts premises={premises} pledge={pledge} />
      {text && wording && <TextProof signing={{ text, wording }} />}
      <div class="buttons no-print">
        <ReceiptLink pledge={pledge} />
        <button type="button" class="button" onClick={() => print()}>
          <Icon name="print" /> {t("pledge.print")}
        </button>
      </div>
    </Screen>
  );
}

function SignedFacts({ premises, pledge }: Pick<SignedProps, "premises" | "pledge">) {
  const made = pledge.own[0]?.made_at ?? pledge.view?.received_at;
  const facts = [
    ...signerFacts(pledge.body),
    [t("premises.title"), `${nameInWords(premises)}, ${placeInWords(premises.place)}`],
    [t("pledge.date"), made && instantInWords(made)],
  ] as const;
  return <Facts facts={facts} />;
}
