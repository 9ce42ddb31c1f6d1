// The controls of every form: label, hint, error and answer in one, so that no screen wires accessibility by itself.
import type { ComponentChildren } from "preact";
import { answer, askedOf, errorOf, type Form, setAnswers } from "./form.ts";
import { Icon } from "./icons.tsx";
import { t } from "./text.ts";

export type FieldProps = {
  readonly form: Form;
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly optional?: boolean;
  /** Overrides the usual `field-<name>`. */
  readonly testId?: string;
};

export type Option = { readonly value: string; readonly label: string };

/** The ids of hint, question and error, as `aria-describedby` wants them. */
export function describedBy(form: Form, name: string, hint: string | undefined): string | undefined {
  const ids = [
    hint ? `hint-${name}` : "",
    askedOf(form, name).length > 0 ? `asked-${name}` : "",
    errorOf(form, name) ? `error-${name}` : "",
  ].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

function fieldClass(form: Form, name: string): string {
  if (errorOf(form, name)) return "field wrong";
  return askedOf(form, name).length > 0 ? "field asked" : "field";
}

/** Label and error around one control. */
export function Field(props: FieldProps & { readonly children: ComponentChildren }) {
  const { form, name } = props;
  return (
    <div class={fieldClass(form, name)}>
      <label for={`field-${name}`}>
        {props.label}
        <Optional shown={props.optional} />
      </label>
      <Notes form={form} name={name} hint={props.hint} />
      {props.children}
    </div>
  );
}

/** The same around a group of controls. */
export function FieldGroup(props: FieldProps & { readonly children: ComponentChildren }) {
  const { form, name, hint } = props;
  return (
    <fieldset
      id={`field-${name}`}
      class={fieldClass(form, name)}
      tabIndex={-1}
      aria-describedby={describedBy(form, name, hint)}
      data-testid={props.testId ?? `field-${name}`}
    >
      <legend>
        {props.label}
        <Optional shown={props.optional} />
      </legend>
      <Notes form={form} name={name} hint={hint} />
      {props.children}
    </fieldset>
  );
}

function Optional({ shown }: { readonly shown: boolean | undefined }) {
  return shown ? <span class="hint"> ({t("word.optional")})</span> : null;
}

function Notes(props: { readonly form: Form; readonly name: string; readonly hint: string | undefined }) {
  const error = errorOf(props.form, props.name);
  const asked = askedOf(props.form, props.name);
  const reasons = asked.map(({ key }) => t(key)).join(" · ");
  const remarks = asked[0]?.remarks;
  return (
    <>
      {props.hint && (
        <p class="hint" id={`hint-${props.name}`}>
          {props.hint}
        </p>
      )}
      {asked.length > 0 && (
        <p class="why" id={`asked-${props.name}`} data-testid="asked">
          <Icon name="pen" />{" "}
          <span>
            {t("field.asked", { reason: reasons })} {remarks && <span class="said">“{remarks}”</span>}
          </span>
        </p>
      )}
      {error && (
        <p class="error" id={`error-${props.name}`}>
          <Icon name="warning" /> <span>{t(error.key, error.values)}</span>
        </p>
      )}
    </>
  );
}

/** The attributes that every plain control shares. */
function controlAttributes(props: FieldProps) {
  const { form, name, hint } = props;
  return {
    id: `field-${name}`,
    name,
    value: answer(form, name),
    "aria-invalid": errorOf(form, name) ? ("true" as const) : undefined,
    "aria-describedby": describedBy(form, name, hint),
    "data-testid": props.testId ?? `field-${name}`,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      setAnswers(form, { [name]: event.currentTarget.value }),
  };
}

export type TextFieldProps = FieldProps & {
  readonly keyboard?: "text" | "numeric" | "tel";
  readonly fill?: "name" | "tel" | "off";
  readonly lang?: string;
};

export function TextField(props: TextFieldProps) {
  return (
    <Field {...props}>
      <input
        {...controlAttributes(props)}
        type="text"
        inputMode={props.keyboard ?? "text"}
        autocomplete={props.fill ?? "off"}
        lang={props.lang}
        maxLength={200}
      />
    </Field>
  );
}

export function LongTextField(props: FieldProps & { readonly rows?: number; readonly plain?: boolean }) {
  return (
    <Field {...props}>
      <textarea
        {...controlAttributes(props)}
        rows={props.rows ?? 3}
        spellcheck={props.plain ? false : undefined}
        autocapitalize={props.plain ? "characters" : undefined}
        autocomplete="off"
        maxLength={2000}
      />
    </Field>
  );
}

export function SelectField(props: FieldProps & { readonly children: ComponentChildren }) {
  return (
    <Field {...props}>
      <select {...controlAttributes(props)} onChange={controlAttributes(props).onInput}>
        {props.children}
      </select>
    </Field>
  );
}

export function Options({ options }: { readonly options: readonly Option[] }) {
  return options.map(({ value, label }) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));
}

/** A handful of answers, all visible: one tap instead of two. */
export function ChoiceField(props: FieldProps & { readonly options: readonly Option[] }) {
  return (
    <FieldGroup {...props}>
      <div class="choices">
        {props.options.map(({ value, label }) => (
          <label key={value}>
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={answer(props.form, props.name) === value}
              onChange={() => setAnswers(props.form, { [props.name]: value })}
              data-testid={`${props.testId ?? `field-${props.name}`}-${value}`}
            />
            {label}
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}

/** One fact that holds or not. */
export function TickField(props: FieldProps) {
  const { form, name } = props;
  return (
    <div class={fieldClass(form, name)}>
      <Notes form={form} name={name} hint={props.hint} />
      <label class="tick">
        <input
          id={`field-${name}`}
          type="checkbox"
          name={name}
          checked={answer(form, name) === "yes"}
          aria-describedby={describedBy(form, name, props.hint)}
          onChange={(event) => setAnswers(form, { [name]: event.currentTarget.checked ? "yes" : "" })}
          data-testid={props.testId ?? `field-${name}`}
        />
        <span>{props.label}</span>
      </label>
    </div>
  );
}
