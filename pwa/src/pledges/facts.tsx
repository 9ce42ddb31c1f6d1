// A signed pledge as the police read it: the very words clause by clause and what was agreed, who stands as an
// exception, who signed and how. Apart from the signer's own page, which is made for paper.
import { today } from "../orders/store.ts";
import type { Entry } from "../ui/entries.ts";
import { valueAt } from "../ui/entries.ts";
import { Facts } from "../ui/facts.tsx";
import { Icon } from "../ui/icons.tsx";
import { phone } from "../ui/phone.ts";
import { currentLanguage, languages, t } from "../ui/text.ts";
import { DraftNotice, Exceptions, signerFacts, TextProof } from "./parts.tsx";
import { findSigned, isApproved, listSignedExceptions, type Wording, wordingOf } from "./rules.ts";

type PledgeProps = Pick<Entry, "body">;

export function PledgeFacts({ body }: PledgeProps) {
  const { register, entries } = phone.value;
  const signed = findSigned(register?.pledge_texts ?? [], { body });
  const own = signed && ownWording(signed);
  return (
    <div data-testid="pledge-facts">
      {signed && !isApproved(signed.text) && <DraftNotice />}
      <Facts facts={[...signerFacts(body), [t("pledge.language"), languageInWords(signed?.wording)]]} />
      <Agreed body={body} wording={signed?.wording} own={own} />
      {signed && <Words wording={signed.wording} own={own} of={({ closing }) => closing} />}
      <Exceptions {...listSignedExceptions({ body }, entries, today.value)} />
      {signed && <TextProof signing={signed} />}
    </div>
  );
}

function languageInWords(wording: Wording | undefined): string {
  const known = languages.find((one) => one === wording?.language);
  return known ? t(`language.${known}`) : "";
}

/** The same text in the reader's language, when something else was signed. */
function ownWording({ text, wording }: NonNullable<ReturnType<typeof findSigned>>): Wording | undefined {
  const own = wordingOf(text, currentLanguage());
  return own?.language === wording.language ? undefined : own;
}

type AgreedProps = PledgeProps & {
  readonly wording: Wording | undefined;
  readonly own: Wording | undefined;
};

function Agreed({ body, wording, own }: AgreedProps) {
  const numbers = valueAt(body, "clauses");
  const agreed: readonly unknown[] = Array.isArray(numbers) ? numbers : [];
  if (!wording) {
    return (
      <>
        <p>{t("pledge.text-not-here")}</p>
        <p>{t("pledge.clauses-agreed", { clauses: agreed.join(", ") })}</p>
      </>
    );
  }
  return wording.clauses.map(({ n }) => (
    <section class="card clause" key={n} data-testid="pledge-clause" data-agreed={agreed.includes(n)}>
      <h3>{t("pledge.clause", { n })}</h3>
      <Words wording={wording} own={own} of={({ clauses }) => clauses.find((one) => one.n === n)?.text} />
      <Answer isAgreed={agreed.includes(n)} />
    </section>
  ));
}

type WordsProps = {
  readonly wording: Wording;
  readonly own: Wording | undefined;
  readonly of: (wording: Wording) => string | undefined;
};

/** A part of the text as it was signed, and below it in the reader's language. */
function Words({ wording, own, of }: WordsProps) {
  return (
    <>
      <p lang={wording.language}>{of(wording)}</p>
      {own && (
        <p class="soft" lang={own.language}>
          {of(own)}
        </p>
      )}
    </>
  );
}

function Answer({ isAgreed }: { readonly isAgreed: boolean }) {
  return (
    <p>
      <span class={`state tone-${isAgreed ? "accepted" : "returned"}`}>
        <Icon name={isAgreed ? "check" : "warning"} /> {t(isAgreed ? "pledge.agreed" : "pledge.not-agreed")}
      </span>
    </p>
  );
}
