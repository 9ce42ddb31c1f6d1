// How a stay ends: the person has left (three taps, today preset), or the entry is taken back with a reason.
import { useState } from "preact/hooks";
import { canUndo, undo } from "../ledger/undo.ts";
import { today } from "../orders/store.ts";
import type { Withdrawal } from "../review/records.ts";
import type { Answers } from "../ui/answers.ts";
import {
  choiceOf,
  dateAnswers,
  type FormError,
  finish,
  optional,
  type Read,
  readDateAnswer,
  textOf,
} from "../ui/answers.ts";
import { DateField } from "../ui/date-field.tsx";
import { dateInWords } from "../ui/dates.ts";
import { type Entry, lastOf, textAt } from "../ui/entries.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { ChoiceField, Options, SelectField, TextField } from "../ui/fields.tsx";
import { useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { submit } from "../ui/submit.ts";
import { t } from "../ui/text.ts";
import type { Departure } from "./records.ts";
import { departsBeforeArrival, departureReasons, liesAhead, withdrawalReasons } from "./rules.ts";
import { saveDeparture, saveWithdrawal } from "./store.ts";

export function DeparturePart({ entry }: { readonly entry: Entry }) {
  const [isOpen, open] = useState(false);
  const departure = lastOf(entry.own, ({ kind }) => kind === "departure");
  if (departure && canUndo(departure)) {
    return (
      <Notice tone="waiting" icon="clock">
        <p>{t("departure.undo")}</p>
        <button
          type="button"
          class="button"
          onClick={() => void undo(departure.id)}
          data-testid="departure-undo"
        >
          <Icon name="back" /> {t("word.undo")}
        </button>
      </Notice>
    );
  }
  if (isOpen) return <DepartureForm entry={entry} onDone={() => open(false)} />;
  if (entry.left_on) {
    return (
      <button type="button" class="button quiet" onClick={() => open(true)} data-testid="departure-correct">
        <Icon name="pen" /> {t("departure.correct")}
      </button>
    );
  }
  return (
    <button type="button" class="button wide" onClick={() => open(true)} data-testid="departure-open">
      <Icon name="leave" /> {t("departure.title")}
    </button>
  );
}

function DepartureForm({ entry, onDone }: { readonly entry: Entry; readonly onDone: () => void }) {
  const form = useForm(() => ({ ...dateAnswers("left_on", today.value), reason: "unknown" }));
  const [asked, ask] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    const read = readDeparture(form.answers.value, entry);
    const ahead = read.ok && liesAhead(read.value.left_on, today.value) ? read.value.left_on : "";
    form.errors.value = [];
    ask(ahead);
    // A day that lies ahead is asked about once: a clock that is wrong must not hold anything up.
    if (ahead !== asked && ahead) return;
    void submit(form, read, {
      store: (said) => saveDeparture(entry, said),
      saved: onDone,
    });
  };
  return (
    <form class="card" noValidate onSubmit={send}>
      <ErrorSummary form={form} />
      <DateField form={form} name="left_on" label={t("departure.when")} mayBeUnknown />
      <SelectField form={form} name="reason" label={t("departure.reason")}>
        <Options
          options={departureReasons.map((value) => ({ value, label: t(`departure-reason.${value}`) }))}
        />
      </SelectField>
      <TextField form={form} name="destination" label={t("departure.destination")} optional />
      {asked && (
        <Notice tone="waiting" icon="warning" live testId="departure-future">
          <p>{t("departure.future", { day: dateInWords(asked) })}</p>
        </Notice>
      )}
      <button class="button first" type="submit" data-testid="departure-save">
        <Icon name="check" /> {t(asked ? "departure.save-future" : "departure.save")}
      </button>
      <button type="button" class="button quiet wide" onClick={onDone}>
        {t("word.cancel")}
      </button>
    </form>
  );
}

function readDeparture(answers: Answers, entry: Entry): Read<Departure> {
  const errors: FormError[] = [];
  const left_on = readDateAnswer(answers, "left_on", { required: true }, errors) ?? "";
  if (departsBeforeArrival(left_on, textAt(entry.body, "arrived_on"))) {
    errors.push({ field: "left_on", key: "problem.stay.departed-before-arrival" });
  }
  const destination = optional("destination", textOf(answers, "destination"));
  return finish(errors, {
    left_on,
    reason: choiceOf(answers, "reason", departureReasons) ?? "unknown",
    ...destination,
  });
}

export function WithdrawalPart({ entry }: { readonly entry: Entry }) {
  const form = useForm({ reason: "" });
  const send = (event: Event) => {
    event.preventDefault();
    void submit(form, readReason(form.answers.value), {
      store: (said) => saveWithdrawal(entry, said),
      saved: () => {},
    });
  };
  return (
    <details>
      <summary data-testid="withdrawal-open">{t("withdrawal.title")}</summary>
      <form noValidate onSubmit={send}>
        <p class="hint">{t("withdrawal.explain")}</p>
        <ErrorSummary form={form} />
        <ChoiceField
          form={form}
          name="reason"
          label={t("withdrawal.why")}
          options={withdrawalReasons.map((value) => ({ value, label: t(`withdrawal-reason.${value}`) }))}
          testId="field-withdrawal_reason"
        />
        <button class="button danger" type="submit" data-testid="withdrawal-save">
          <Icon name="back" /> {t("withdrawal.save")}
        </button>
      </form>
    </details>
  );
}

function readReason(answers: Answers): Read<Withdrawal> {
  const reason = choiceOf(answers, "reason", withdrawalReasons);
  const errors = reason ? [] : [{ field: "reason", key: "problem.form.reason" as const }];
  return finish(errors, { reason: reason ?? "other" });
}
