// The pledge: clauses as cards, each heard and ticked, the people who stand as exceptions, and the signature.

import { useEffect, useState } from "preact/hooks";
import { capacities } from "../accounts/rules.ts";
import { ownCapacity, ownName } from "../accounts/store.ts";
import { findPledge, listPresent } from "../declarations/rules.ts";
import { type Order, orderText } from "../orders/rules.ts";
import { findOrder, today } from "../orders/store.ts";
import { nameInWords } from "../premises/name.ts";
import { mayCorrect } from "../review/grade.ts";
import { ReturnedNotice } from "../review/returned.tsx";
import { sha256 } from "../sync/encoding.ts";
import { type Entry, textAt } from "../ui/entries.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { ChoiceField, TextField, TickField } from "../ui/fields.tsx";
import { type Form, useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { lazyPage } from "../ui/lazy.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { submit } from "../ui/submit.ts";
import { currentLanguage, languages, t } from "../ui/text.ts";
import { DraftNotice, Exceptions, ReceiptLink, TextProof } from "./parts.tsx";
import {
  exactText,
  findText,
  isApproved,
  listExceptions,
  readSignature,
  tickedElsewhere,
  tickOf,
  type Wording,
  wordingOf,
} from "./rules.ts";
import { canSpeak, silence, speak, spoken } from "./speech.ts";
import { type Signing, savePledge } from "./store.ts";

const SignedPledge = lazyPage(() => import("./print.tsx").then(({ SignedPledgePage }) => SignedPledgePage));

export function PledgePage({ premises }: { readonly premises: Entry }) {
  const order = findOrder(premises.place, (one) => textAt(one, "pledge_text_id") !== "");
  const text = order && findText(phone.value.register?.pledge_texts ?? [], textAt(order, "pledge_text_id"));
  const signed = order && findPledge(phone.value.entries.values(), premises.id, order.id);
  const wording = text && wordingOf(text, currentLanguage());
  const back = `/app/premises/${premises.id}`;
  const isRead = signed && !(signed.state === "returned" && mayCorrect(signed));
  if (order && isRead) return <SignedPledge premises={premises} pledge={signed} order={order} />;
  if (!order || !text || !wording) {
    return (
      <Screen title={t("pledge.title")} back={back}>
        <p>{t("pledge.no-text")}</p>
      </Screen>
    );
  }
  const excepted = listExceptions(listPresent(phone.value.entries.values(), premises.id), today.value);
  const signing = { premises, order, text, wording, excepted };
  return <PledgeToSign signing={signing} returned={signed} />;
}

type PledgeToSignProps = {
  readonly signing: Signing;
  /** The pledge that the police sent back: it is not amended but signed again. */
  readonly returned: Entry | undefined;
};

function PledgeToSign({ signing, returned }: PledgeToSignProps) {
  const { premises, order, text, wording, excepted } = signing;
  const form = useForm({ capacity: ownCapacity() });
  const send = (event: Event) => {
    event.preventDefault();
    silence();
    void submit(form, readSignature(form.answers.value, wording, ownName()), {
      store: (signed) => savePledge(signing, signed),
      saved: () => {},
    });
  };
  const isGenuine = useIsGenuine(wording);
  return (
    <Screen title={wording.title} back={`/app/premises/${premises.id}`}>
      <OrderLine order={order} premises={premises} />
      {!isApproved(text) && <DraftNotice />}
      {returned && (
        <>
          <ReturnedNotice entry={returned} />
          <ReceiptLink pledge={returned} />
        </>
      )}
      <ErrorSummary form={form} />
      <form noValidate onSubmit={send}>
        <p lang={wording.language}>{wording.preamble}</p>
        <OtherTicks language={tickedElsewhere(text, form.answers.value, wording)} />
        <Clauses form={form} signing={signing} />
        <p lang={wording.language}>{wording.closing}</p>
        <Exceptions excepted={excepted} />
        <p class="hint">{t("pledge.exceptions-explain")}</p>
        <Signature form={form} />
        <TextProof signing={signing} />
        <SignButton text={text} isGenuine={isGenuine} />
      </form>
    </Screen>
  );
}

/** Whether the text on this screen is to the letter the one that the register names; null until it was checked. */
function useIsGenuine(wording: Wording): boolean | null {
  const [isGenuine, setGenuine] = useState<boolean | null>(null);
  const exact = exactText(wording);
  const { hash } = wording;
  useEffect(() => void sha256(exact).then((found) => setGenuine(found === hash)), [exact, hash]);
  return isGenuine;
}

type SignButtonProps = { readonly text: Signing["text"]; readonly isGenuine: boolean | null };

function SignButton({ text, isGenuine }: SignButtonProps) {
  const isOpen = isApproved(text) || phone.value.register?.demo === true;
  if (!isOpen || isGenuine === false) {
    return (
      <Notice tone="waiting" icon="warning" testId="pledge-closed">
        <p>{t(isOpen ? "pledge.hash-differs" : "pledge.draft-closed")}</p>
      </Notice>
    );
  }
  return (
    <button class="button first big" type="submit" disabled={isGenuine === null} data-testid="pledge-sign">
      <Icon name="pen" /> {t("pledge.sign")}
    </button>
  );
}

function OrderLine({ order, premises }: { readonly order: Order; readonly premises: Entry }) {
  return (
    <p class="soft">
      {orderText(order, "title", currentLanguage())} · {nameInWords(premises)}
    </p>
  );
}

function Clauses({ form, signing: { wording } }: { readonly form: Form; readonly signing: Signing }) {
  const { language } = wording;
  return wording.clauses.map(({ n, text }) => (
    <section class="card clause" key={n}>
      <h2>{t("pledge.clause", { n })}</h2>
      <p lang={language}>{text}</p>
      {canSpeak(language) && <ListenButton text={text} language={language} />}
      <TickField
        form={form}
        name={tickOf(wording, n)}
        label={t("pledge.agree")}
        testId={`pledge-agree-${n}`}
      />
    </section>
  ));
}

/** Ticks stand for the words beside them: after a switch of language the new words are agreed to anew. */
function OtherTicks({ language }: { readonly language: string | undefined }) {
  const known = languages.find((one) => one === language);
  if (!known) return null;
  return (
    <Notice tone="waiting" icon="warning" live testId="pledge-ticked-elsewhere">
      <p>{t("pledge.ticked-elsewhere", { other: t(`language.${known}`) })}</p>
    </Notice>
  );
}

function ListenButton({ text, language }: { readonly text: string; readonly language: string }) {
  const isSpeaking = spoken.value === text;
  return (
    <button
      type="button"
      class="button quiet"
      onClick={() => (isSpeaking ? silence() : speak(text, language))}
    >
      <Icon name="listen" /> {t(isSpeaking ? "pledge.listen-stop" : "pledge.listen")}
    </button>
  );
}

function Signature({ form }: { readonly form: Form }) {
  return (
    <>
      <ChoiceField
        form={form}
        name="capacity"
        label={t("premises.capacity")}
        options={capacities.map((value) => ({ value, label: t(`capacity.${value}`) }))}
      />
      <TickField form={form} name="read_aloud" label={t("pledge.read-aloud")} />
      <TextField form={form} name="witness" label={t("pledge.witness")} optional />
      <TextField form={form} name="signed_place" label={t("pledge.signed-place")} optional />
      <TextField form={form} name="typed_name" label={t("pledge.typed-name")} fill="name" />
    </>
  );
}
