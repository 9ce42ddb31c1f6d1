// Three boxes for a date: no calendar pickers, because nobody should page back to 1962; a year alone may be enough.

import { dateAnswers } from "./answers.ts";
import { FieldGroup, type FieldProps } from "./fields.tsx";
import { answer, errorOf, type Form, setAnswers } from "./form.ts";
import { Icon } from "./icons.tsx";
import { t } from "./text.ts";

export const dateParts = ["day", "month", "year"] as const;

type DateFieldProps = FieldProps & {
  /** Offers "not known" as an answer. */
  readonly mayBeUnknown?: boolean;
  /** Offers today, as `2022-09-24`, in one tap. */
  readonly today?: string;
};

export function DateField(props: DateFieldProps) {
  const { form, name } = props;
  const unknown = answer(form, `${name}.unknown`) === "yes";
  return (
    <FieldGroup {...props}>
      {!unknown && (
        <div class="boxes">
          {dateParts.map((part) => (
            <DateBox key={part} form={form} name={name} part={part} />
          ))}
        </div>
      )}
      {!unknown && <BuddhistOffer form={form} name={name} />}
      <div class="choices">
        {props.today && !unknown && <TodayButton form={form} name={name} today={props.today} />}
        {props.mayBeUnknown && (
          <label>
            <input
              type="checkbox"
              checked={unknown}
              onChange={(event) =>
                setAnswers(form, { [`${name}.unknown`]: event.currentTarget.checked ? "yes" : "" })
              }
              data-testid={`field-${name}-unknown`}
            />
            {t("word.unknown")}
          </label>
        )}
      </div>
    </FieldGroup>
  );
}

type Part = { readonly form: Form; readonly name: string; readonly part: (typeof dateParts)[number] };

function DateBox({ form, name, part }: Part) {
  return (
    <label>
      <span class="hint">{t(`word.${part}`)}</span>
      <input
        type="text"
        inputMode="numeric"
        autocomplete="off"
        maxLength={4}
        value={answer(form, `${name}.${part}`)}
        aria-invalid={errorOf(form, name) ? "true" : undefined}
        onInput={(event) => setAnswers(form, { [`${name}.${part}`]: event.currentTarget.value })}
        data-testid={`field-${name}-${part}`}
      />
    </label>
  );
}

/** A Buddhist year is asked about, never guessed: the refused form carries the candidates in its error. */
function BuddhistOffer({ form, name }: { readonly form: Form; readonly name: string }) {
  const candidates = errorOf(form, name)?.values?.["years"];
  if (candidates === undefined) return null;
  return (
    <div class="choices">
      {String(candidates)
        .split(" ")
        .map((year) => (
          <button
            key={year}
            type="button"
            class="button"
            onClick={() => setAnswers(form, { [`${name}.year`]: year })}
            data-testid={`field-${name}-use-${year}`}
          >
            <Icon name="check" /> {t("date.buddhist-use", { common: year })}
          </button>
        ))}
    </div>
  );
}

function TodayButton(props: { readonly form: Form; readonly name: string; readonly today: string }) {
  return (
    <button
      type="button"
      class="button"
      onClick={() => setAnswers(props.form, dateAnswers(props.name, props.today))}
      data-testid={`field-${props.name}-today`}
    >
      <Icon name="clock" /> {t("word.today")}
    </button>
  );
}
