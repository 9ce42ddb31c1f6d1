// The form for a place, new or corrected: what is asked first fits on one screen, the rest may be left closed.
import { useRef, useState } from "preact/hooks";
import { capacities } from "../accounts/rules.ts";
import { ownCapacity, ownName, ownPhone } from "../accounts/store.ts";
import { PhotoField } from "../blobs/field.tsx";
import { CommuneField } from "../places/page.tsx";
import { useFieldAskedFor } from "../review/asked.ts";
import { ReturnedNotice } from "../review/returned.tsx";
import type { Answers } from "../ui/answers.ts";
import { DateField } from "../ui/date-field.tsx";
import { useDraft } from "../ui/draft.ts";
import { DraftNotice } from "../ui/draft-notice.tsx";
import type { Entry } from "../ui/entries.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { ChoiceField, Options, SelectField, TextField } from "../ui/fields.tsx";
import { answer, type Form, setAnswers, useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { role } from "../ui/phone.ts";
import { navigate } from "../ui/router.ts";
import { submit } from "../ui/submit.ts";
import { t } from "../ui/text.ts";
import { askedOfPremises } from "./asked.ts";
import {
  licencesMax,
  parties,
  premisesAnswers,
  premisesKinds,
  readPremises,
  withoutLicence,
} from "./rules.ts";
import { correctPremises, savePremises } from "./store.ts";

// With the form, so that nothing of it is in the first load; its own file would cut what is shared into smaller pieces.
export { PremisesPhoto } from "../blobs/page.tsx";

export function PremisesForm({ entry }: { readonly entry?: Entry }) {
  const form = useForm(() => (entry ? correctionAnswers(entry) : firstAnswers()));
  useFieldAskedFor(entry, form, askedOfPremises);
  const key = `premises:${entry?.id ?? "new"}`;
  const draft = useDraft(form, key);
  const send = (event: Event) => {
    event.preventDefault();
    const saving = submit(form, readPremises(form.answers.value), {
      store: (said) => (entry ? correctPremises(entry, said, key) : savePremises(said, key)),
      // The post goes on with the people who live there; on its work list the place stands once it was sent.
      saved: ([id]) => navigate(isPaper() ? `/app/premises/${entry?.id ?? id}` : "/app/", true),
    });
    draft.pauseWhile(saving);
  };
  return (
    <Screen
      title={t(entry ? "premises.edit" : "premises.new")}
      back={entry ? `/app/premises/${entry.id}` : "/app/"}
    >
      <DraftNotice draft={draft} />
      {entry && <ReturnedNotice entry={entry} />}
      <ErrorSummary form={form} />
      {isPaper() && <p class="hint">{t("paper.explain")}</p>}
      <form noValidate onSubmit={send}>
        <First form={form} isNew={entry === undefined} />
        <More form={form} isOpen={isPaper()} />
        <p class="hint">{t("premises.nothing-wrong")}</p>
        <button class="button first big" type="submit" data-testid="premises-save">
          <Icon name="check" /> {t("word.save")}
        </button>
      </form>
    </Screen>
  );
}

/** Whether the post writes for somebody else. */
function isPaper(): boolean {
  return role.value === "officer";
}

/** What is asked first; where a place is cannot be corrected. */
function First({ form, isNew }: { readonly form: Form; readonly isNew: boolean }) {
  return (
    <>
      <SelectField form={form} name="kind" label={t("premises.kind")}>
        <option value="">{t("word.choose")}</option>
        <Options options={premisesKinds.map((value) => ({ value, label: t(`premises.kind.${value}`) }))} />
      </SelectField>
      {isNew && <CommuneField form={form} />}
      <TextField
        form={form}
        name="name_km"
        label={t("premises.name-km")}
        hint={t("premises.names-hint")}
        lang="km"
        optional
      />
      <TextField form={form} name="name_latin" label={t("premises.name-latin")} optional />
      <TextField form={form} name="name_zh" label={t("premises.name-zh")} lang="zh" optional />
      <TextField form={form} name="village" label={t("premises.village")} optional />
      <TextField form={form} name="rooms_count" label={t("premises.rooms")} keyboard="numeric" optional />
      <PinField form={form} />
      <PhotoField form={form} />
      <ChoiceField
        form={form}
        name="capacity"
        label={t(isPaper() ? "paper.capacity" : "premises.capacity")}
        options={capacities.map((value) => ({ value, label: t(`capacity.${value}`) }))}
      />
    </>
  );
}

/** With the revision that they are about: what was typed over an older one is not brought back. */
function correctionAnswers(entry: Entry): Answers {
  return { ...premisesAnswers(entry), revision: entry.revision };
}

/** What the person said of himself at registration is not asked twice. */
function firstAnswers() {
  const capacity = ownCapacity();
  const self = parties.find((party) => party === capacity);
  return { capacity, ...(self ? { [`${self}.name`]: ownName(), [`${self}.phone`]: ownPhone() } : {}) };
}

/** Open for the post, which writes for somebody else: who that is stands here. */
function More({ form, isOpen }: { readonly form: Form; readonly isOpen: boolean }) {
  return (
    <details open={isOpen}>
      <summary data-testid="premises-more">{t("premises.more")}</summary>
      <TextField form={form} name="address" label={t("premises.address")} optional />
      <TextField
        form={form}
        name="landmark"
        label={t("premises.landmark")}
        hint={t("premises.landmark-hint")}
        optional
      />
      <TextField form={form} name="beds_count" label={t("premises.beds")} keyboard="numeric" optional />
      <h2>{t("premises.parties")}</h2>
      {parties.map((party) => (
        <section key={party}>
          <h3>{t(`premises.${party}`)}</h3>
          <TextField form={form} name={`${party}.name`} label={t("party.name")} optional />
          <TextField form={form} name={`${party}.native_name`} label={t("party.native_name")} optional />
          <TextField form={form} name={`${party}.phone`} label={t("party.phone")} keyboard="tel" optional />
        </section>
      ))}
      <Licences form={form} />
      <TextField form={form} name="fpcs_reference" label={t("premises.fpcs_reference")} optional />
    </details>
  );
}

function Licences({ form }: { readonly form: Form }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const count = Number(answer(form, "licences") || 0);
  const remove = (at: number) => {
    setAnswers(form, withoutLicence(form.answers.value, at));
    // The button that had the focus is gone.
    heading.current?.focus();
  };
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {t("premises.licences")}
      </h2>
      {Array.from({ length: count }, (_, at) => `licence.${at}`).map((name, at) => (
        <Licence key={name} form={form} at={at} onRemove={() => remove(at)} />
      ))}
      {count < licencesMax && (
        <button
          type="button"
          class="button"
          onClick={() => setAnswers(form, { licences: String(count + 1) })}
          data-testid="licence-add"
        >
          <Icon name="add" /> {t("premises.licence-add")}
        </button>
      )}
    </section>
  );
}

type LicenceProps = { readonly form: Form; readonly at: number; readonly onRemove: () => void };

function Licence({ form, at, onRemove }: LicenceProps) {
  const name = `licence.${at}`;
  return (
    <fieldset class="card">
      <legend>{t("premises.licence-n", { n: at + 1 })}</legend>
      <TextField form={form} name={`${name}.kind`} label={t("licence.kind")} optional />
      <TextField form={form} name={`${name}.number`} label={t("licence.number")} optional />
      <TextField form={form} name={`${name}.authority`} label={t("licence.authority")} optional />
      <DateField form={form} name={`${name}.expires_on`} label={t("licence.expires_on")} optional />
      <button type="button" class="button quiet" onClick={onRemove} data-testid={`licence-remove-${at}`}>
        {t("premises.licence-remove", { n: at + 1 })}
      </button>
    </fieldset>
  );
}

function PinField({ form }: { readonly form: Form }) {
  const [failed, setFailed] = useState(false);
  const pin = answer(form, "pin");
  const take = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        setAnswers(form, {
          pin: [coords.latitude.toFixed(6), coords.longitude.toFixed(6), Math.ceil(coords.accuracy)].join(
            " ",
          ),
        }),
      () => setFailed(true),
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  if (pin) {
    return (
      <div class="field">
        <p role="status">{t("premises.pin-taken", { metres: pin.split(" ")[2] ?? "" })}</p>
        <button type="button" class="button quiet" onClick={() => setAnswers(form, { pin: "" })}>
          {t("premises.pin-remove")}
        </button>
      </div>
    );
  }
  return (
    <div class="field">
      <p>
        <strong>{t("premises.pin")}</strong> <span class="hint">({t("word.optional")})</span>
      </p>
      <button type="button" class="button" onClick={take} data-testid="field-pin">
        <Icon name="building" /> {t("premises.pin-take")}
      </button>
      <p class="hint" role="status">
        {failed && t("premises.pin-failed")}
      </p>
    </div>
  );
}
