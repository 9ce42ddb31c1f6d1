// The parts of the form for one person: passport, who it is, why and since when, visa, work, and what else is known.
import { today } from "../orders/store.ts";
import { nameInWords } from "../premises/name.ts";
import { listPremises } from "../premises/store.ts";
import { readDateAnswer } from "../ui/answers.ts";
import { DateField } from "../ui/date-field.tsx";
import { ChoiceField, LongTextField, Options, SelectField, TextField, TickField } from "../ui/fields.tsx";
import { answer, type Form } from "../ui/form.ts";
import { t } from "../ui/text.ts";
import { NationalityField } from "./nationality.tsx";
import {
  documentKinds,
  hasVisaDates,
  hasVisaExpiry,
  holders,
  knownAnswers,
  mayBeMinor,
  missingReasons,
  permitStates,
  sexes,
  slipLanguages,
  stayRoles,
  visaClasses,
  worksHere,
} from "./rules.ts";

type Part = { readonly form: Form };

export function PersonPart({ form }: Part) {
  const bornOn = readDateAnswer(form.answers.value, "born_on", { partial: true }, []);
  return (
    <>
      <TextField form={form} name="primary" label={t("stay.primary")} hint={t("stay.names-hint")} lang="en" />
      <TextField form={form} name="secondary" label={t("stay.secondary")} lang="en" optional />
      <TextField form={form} name="native" label={t("stay.native")} optional />
      {!answer(form, "primary") && !answer(form, "secondary") && (
        <TickField form={form} name="name_unknown" label={t("stay.name-unknown")} />
      )}
      <NationalityField form={form} name="nationality" label={t("stay.nationality")} mayBeUnknown />
      <ChoiceField
        form={form}
        name="sex"
        label={t("stay.sex")}
        options={sexes.map((value) => ({ value, label: t(`sex.${value}`) }))}
      />
      <DateField
        form={form}
        name="born_on"
        label={t("stay.born_on")}
        hint={t("stay.born-hint")}
        mayBeUnknown
      />
      {mayBeMinor(bornOn, today.value) && (
        <TextField
          form={form}
          name="guardian"
          label={t("stay.guardian")}
          hint={t("stay.guardian-hint")}
          optional
        />
      )}
    </>
  );
}

/** `maskedNumber` is what may still be seen of a number that was sent; it is replaced only when typed anew. */
export function DocumentPart({ form, maskedNumber }: Part & { readonly maskedNumber?: string | undefined }) {
  const isShown = answer(form, "papers") !== "missing";
  return (
    <>
      <ChoiceField
        form={form}
        name="papers"
        label={t("stay.papers")}
        options={[
          { value: "shown", label: t("stay.papers-shown") },
          { value: "missing", label: t("stay.no-papers") },
        ]}
      />
      {isShown ? <ShownDocument form={form} maskedNumber={maskedNumber} /> : <MissingDocument form={form} />}
      <ChoiceField
        form={form}
        name="document_holder"
        label={t("stay.holder")}
        options={holders.map((value) => ({ value, label: t(`holder.${value}`) }))}
      />
    </>
  );
}

function ShownDocument({ form, maskedNumber }: Part & { readonly maskedNumber: string | undefined }) {
  if (maskedNumber && answer(form, "document_again") !== "yes") {
    return (
      <>
        <p>
          {t("stay.document-number-masked")}: <span class="code">{maskedNumber}</span>
        </p>
        <TickField form={form} name="document_again" label={t("stay.document-new")} />
      </>
    );
  }
  return (
    <>
      <TextField form={form} name="document_number" label={t("stay.document-number")} lang="en" optional />
      <DateField
        form={form}
        name="document_expires_on"
        label={t("stay.document-expires")}
        optional
        mayBeUnknown
      />
      <details>
        <summary>{t("word.more")}</summary>
        <SelectField form={form} name="document_kind" label={t("stay.document-kind")}>
          <Options options={documentKinds.map((value) => ({ value, label: t(`document.${value}`) }))} />
        </SelectField>
        <NationalityField form={form} name="document_issuer" label={t("stay.document-issuer")} />
      </details>
    </>
  );
}

function MissingDocument({ form }: Part) {
  return (
    <ChoiceField
      form={form}
      name="document_missing"
      label={t("stay.document-missing")}
      options={missingReasons.map((value) => ({ value, label: t(`missing.${value}`) }))}
    />
  );
}

export function StayPart({ form }: Part) {
  return (
    <>
      <ChoiceField
        form={form}
        name="role"
        label={t("stay.role")}
        options={stayRoles.map((value) => ({ value, label: t(`stay-role.${value}`) }))}
      />
      <TextField form={form} name="unit" label={t("stay.unit")} optional />
      <DateField
        form={form}
        name="arrived_on"
        label={t("stay.arrived_on")}
        today={today.value}
        mayBeUnknown
      />
    </>
  );
}

export function VisaPart({ form }: Part) {
  return (
    <>
      <SelectField form={form} name="visa_class" label={t("stay.visa-class")}>
        <option value="">{t("word.choose")}</option>
        <Options options={visaClasses.map((value) => ({ value, label: t(`visa.${value}`) }))} />
      </SelectField>
      {hasVisaExpiry(form.answers.value) && (
        <DateField form={form} name="visa_expires_on" label={t("stay.visa-expires")} optional mayBeUnknown />
      )}
      {hasVisaDates(form.answers.value) && (
        <DateField form={form} name="visa_entered_on" label={t("stay.visa-entered")} optional mayBeUnknown />
      )}
    </>
  );
}

export function WorkPart({ form }: Part) {
  if (!worksHere(form.answers.value)) return null;
  return (
    <section class="card">
      <h2>{t("stay.work")}</h2>
      <TextField form={form} name="employer" label={t("stay.employer")} optional />
      <TextField form={form} name="position" label={t("stay.position")} optional />
      <ChoiceField
        form={form}
        name="contract_written"
        label={t("stay.contract")}
        options={knownAnswers.map((value) => ({ value, label: t(`contract.${value}`) }))}
      />
      <SelectField form={form} name="permit_state" label={t("stay.permit")}>
        <option value="">{t("word.choose")}</option>
        <Options options={permitStates.map((value) => ({ value, label: t(`permit.${value}`) }))} />
      </SelectField>
      <details>
        <summary>{t("word.more")}</summary>
        <TextField form={form} name="employer_licence" label={t("stay.employer-licence")} optional />
        <ChoiceField
          form={form}
          name="contract_copy"
          label={t("stay.contract-copy")}
          options={[
            { value: "yes", label: t("stay.contract-copy-yes") },
            { value: "no", label: t("stay.contract-copy-no") },
            { value: "unknown", label: t("word.unknown") },
          ]}
        />
        <DateField form={form} name="contract_ends_on" label={t("stay.contract-ends")} optional />
        <TextField form={form} name="permit_year" label={t("stay.permit-year")} keyboard="numeric" optional />
        <TextField form={form} name="permit_number" label={t("stay.permit-number")} optional />
      </details>
    </section>
  );
}

export function MorePart({ form, premisesId }: Part & { readonly premisesId: string }) {
  return (
    <details>
      <summary data-testid="stay-more">{t("stay.more")}</summary>
      <SelectField
        form={form}
        name="slip_language"
        label={t("stay.slip_language")}
        hint={t("stay.slip-hint")}
        optional
      >
        <option value="">{t("word.choose")}</option>
        <Options options={slipLanguages.map((value) => ({ value, label: t(`slip-language.${value}`) }))} />
      </SelectField>
      <PreviousField form={form} premisesId={premisesId} />
      <DateField form={form} name="expected_departure_on" label={t("stay.expected_departure_on")} optional />
      <TextField form={form} name="visa_number" label={t("stay.visa-number")} optional />
      <TextField form={form} name="phone" label={t("stay.contact-phone")} keyboard="tel" optional />
      <TextField form={form} name="other" label={t("stay.contact-other")} optional />
      <TextField form={form} name="arranged_by" label={t("stay.arranged-by")} optional />
      <LongTextField form={form} name="remarks" label={t("stay.remarks")} optional />
    </details>
  );
}

/** Where the person was before, as far as it is one of the owner's own places; what somebody else said stays. */
function PreviousField({ form, premisesId }: Part & { readonly premisesId: string }) {
  const others = listPremises().filter(({ id }) => id !== premisesId);
  const chosen = answer(form, "previous_premises_id");
  const isElsewhere = chosen !== "" && others.every(({ id }) => id !== chosen);
  if (others.length === 0 && !isElsewhere) return null;
  return (
    <SelectField form={form} name="previous_premises_id" label={t("stay.previous_premises")} optional>
      <option value="">{t("word.choose")}</option>
      {isElsewhere && <option value={chosen}>{t("stay.previous-elsewhere")}</option>}
      <Options options={others.map((entry) => ({ value: entry.id, label: nameInWords(entry) }))} />
    </SelectField>
  );
}
