// The form for one person, new or to be corrected: one compact page, because it is filled in two dozen times in a row.
import { useState } from "preact/hooks";
import type { Mrz, MrzFault } from "../facts/mrz.ts";
import { today } from "../orders/store.ts";
import { useFieldAskedFor } from "../review/asked.ts";
import { ReturnedNotice } from "../review/returned.tsx";
import { useDraft } from "../ui/draft.ts";
import { DraftNotice } from "../ui/draft-notice.tsx";
import { type Entry, textAt } from "../ui/entries.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { LongTextField } from "../ui/fields.tsx";
import { answer, type Form, setAnswers, useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { navigate } from "../ui/router.ts";
import { submit } from "../ui/submit.ts";
import { t } from "../ui/text.ts";
import { newStayAnswers, stayAnswers } from "./answers.ts";
import { askedOfStay } from "./asked.ts";
import { nameOf } from "./name.ts";
import { failingInWords, readZone, zoneAnswers } from "./passport.ts";
import { readStay } from "./rules.ts";
import { DocumentPart, MorePart, PersonPart, StayPart, VisaPart, WorkPart } from "./sections.tsx";
import { correctStay, saveStay } from "./store.ts";

export function NewStayPage({ premises }: { readonly premises: Entry }) {
  const unit = new URLSearchParams(location.search).get("unit") ?? "";
  const form = useForm(() => newStayAnswers(phone.value.entries.values(), premises.id, unit));
  const draft = useDraft(form, `stay:${premises.id}`);
  const back = `/app/premises/${premises.id}`;
  const send = (event: Event) => {
    event.preventDefault();
    const saving = submit(form, readStay(form.answers.value, today.value), {
      store: (said) => saveStay(premises, said, `stay:${premises.id}`),
      saved: ([id]) => navigate(`${back}?saved=${id}`, true),
    });
    draft.pauseWhile(saving);
  };
  return (
    <Screen title={t("stay.new")} back={back}>
      <DraftNotice draft={draft} />
      <StayFields form={form} onSend={send} premisesId={premises.id} />
    </Screen>
  );
}

export function CorrectStayPage({ entry }: { readonly entry: Entry }) {
  const form = useForm(() => ({ ...stayAnswers(entry), revision: entry.revision }));
  const back = `/app/stays/${entry.id}`;
  const number = textAt(entry.body, "document", "number");
  const masked = number.includes("•") ? number : undefined;
  useFieldAskedFor(entry, form, (reasons, answers) => askedOfStay(reasons, answers, masked !== undefined));
  const key = `correction:${entry.id}`;
  const draft = useDraft(form, key);
  const send = (event: Event) => {
    event.preventDefault();
    const keepsDocument =
      masked !== undefined &&
      answer(form, "document_again") !== "yes" &&
      answer(form, "papers") !== "missing";
    const saving = submit(form, readStay(form.answers.value, today.value, entry.left_on), {
      store: (said) => correctStay(entry, said, { keepsDocument, draft: key }),
      saved: () => navigate(back, true),
    });
    draft.pauseWhile(saving);
  };
  return (
    <Screen title={t("stay.edit")} back={back}>
      <p>
        <strong>{nameOf(entry)}</strong>
      </p>
      <DraftNotice draft={draft} />
      <ReturnedNotice entry={entry} />
      <StayFields form={form} onSend={send} premisesId={entry.premises_id ?? ""} maskedNumber={masked} />
    </Screen>
  );
}

type FieldsProps = {
  readonly form: Form;
  readonly onSend: (event: Event) => void;
  readonly premisesId: string;
  readonly maskedNumber?: string | undefined;
};

function StayFields({ form, onSend, premisesId, maskedNumber }: FieldsProps) {
  return (
    <>
      <ErrorSummary form={form} />
      <form noValidate onSubmit={onSend}>
        <ZoneField form={form} />
        <h2>{t("stay.type-all")}</h2>
        <PersonPart form={form} />
        <DocumentPart form={form} maskedNumber={maskedNumber} />
        <StayPart form={form} />
        <VisaPart form={form} />
        <WorkPart form={form} />
        <MorePart form={form} premisesId={premisesId} />
        <p class="hint">
          {t("stay.gaps-unknown")} {t("stay.expired-fine")}
        </p>
        <button class="button first big" type="submit" data-testid="stay-save">
          <Icon name="check" /> {t("word.save")}
        </button>
      </form>
    </>
  );
}

/** The lines of the passport: whatever they give fills the fields below while it is typed. */
function ZoneField({ form }: { readonly form: Form }) {
  const [zone, setZone] = useState<Mrz | MrzFault | null>(null);
  const read = () => {
    const options = { today: today.value, specimens: phone.value.register?.demo ?? false };
    const found = readZone(answer(form, "mrz"), form.answers.value, options);
    setZone(found);
    if (found?.reading === "zone") setAnswers(form, zoneAnswers(found));
  };
  return (
    <div class="mrz" onInput={read}>
      <LongTextField
        form={form}
        name="mrz"
        label={t("stay.mrz")}
        hint={t("stay.mrz-hint")}
        rows={4}
        plain
        optional
        testId="stay-mrz"
      />
      <div role="status">{zone && <ZoneNotice zone={zone} />}</div>
    </div>
  );
}

/** What is wrong with what was typed; it stands in the way of nothing. */
function zoneProblem(zone: Mrz | MrzFault): string {
  if (zone.reading === "none") return t(`mrz.${zone.code}`);
  const fields = failingInWords(zone, (part) => t(`mrz-part.${part}`));
  return fields && t("stay.mrz-bad", { fields });
}

function ZoneNotice({ zone }: { readonly zone: Mrz | MrzFault }) {
  const problem = zoneProblem(zone);
  if (zone.reading === "none" || problem) {
    return (
      <Notice tone="returned" icon="warning" testId="mrz-bad">
        <p>{problem}</p>
      </Notice>
    );
  }
  return (
    <Notice tone="accepted" icon="check" testId="mrz-good">
      <p>{t("stay.mrz-good")}</p>
      {zone.repair && (
        <p>{t("stay.mrz-repaired", { read: zone.repair.read, printed: zone.repair.printed })}</p>
      )}
    </Notice>
  );
}
