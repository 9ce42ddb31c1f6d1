// Owners whom nobody has compared with their phone yet: the officer types the code that the phone shows.

import { useState } from "preact/hooks";
import { foldDigits } from "../facts/values.ts";
import { type Answers, type FormError, finish, type Read } from "../ui/answers.ts";
import { type Entry, knownTextAt, textAt } from "../ui/entries.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { TextField } from "../ui/fields.tsx";
import { useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { submit } from "../ui/submit.ts";
import { counted, t } from "../ui/text.ts";
import { entryName } from "./entry-name.ts";
import { listVerified, saveVerification } from "./store.ts";

type Owner = { readonly accountId: string; readonly code: string; readonly premises: Entry };

export function OwnersToCheck({ entries }: { readonly entries: readonly Entry[] }) {
  const [isSaved, setSaved] = useState(false);
  const owners = listOwners(entries);
  if (owners.length === 0 && !isSaved) return null;
  return (
    <section class="card" data-testid="owners">
      <h2>
        {t("owners.title")} ({counted(owners.length)})
      </h2>
      <ul>
        {owners.map(({ accountId, premises }) => (
          <li key={accountId}>{[nameOfOwner(premises), entryName(premises)].filter(Boolean).join(" · ")}</li>
        ))}
      </ul>
      {isSaved && (
        <Notice tone="accepted" icon="check" live testId="owner-verified">
          <p>{t("owners.saved")}</p>
        </Notice>
      )}
      {owners.length > 0 && <CodeForm owners={owners} onSaved={() => setSaved(true)} />}
    </section>
  );
}

type CodeProps = { readonly owners: readonly Owner[]; readonly onSaved: () => void };

/** One field for all of them: the code says whose it is. */
function CodeForm({ owners, onSaved }: CodeProps) {
  const form = useForm({ code: "" });
  const send = (event: Event) => {
    event.preventDefault();
    void submit(form, readCode(form.answers.value, owners), {
      store: ({ accountId, premises }) => saveVerification(accountId, premises.place),
      saved: onSaved,
    });
  };
  return (
    <>
      <ErrorSummary form={form} />
      <form noValidate onSubmit={send}>
        <TextField
          form={form}
          name="code"
          label={t("owners.code")}
          hint={t("owners.hint")}
          testId="owner-code"
        />
        <button class="button" type="submit" data-testid="owner-verify">
          <Icon name="check" /> {t("owners.verify")}
        </button>
      </form>
    </>
  );
}

/** Whoever declared the place, as he is called there: the name that the officer compares with an identity paper. */
function nameOfOwner({ body }: Entry): string {
  return knownTextAt(body, "contact", textAt(body, "capacity"), "name");
}

/** One line an owner, under the first of the owner's premises. */
function listOwners(entries: readonly Entry[]): readonly Owner[] {
  const verified = listVerified();
  const owners = new Map<string, Owner>();
  for (const premises of entries) {
    const { view } = premises;
    if (premises.kind !== "premises" || view?.author_state !== "unverified" || verified.has(view.author))
      continue;
    if (!owners.has(view.author))
      owners.set(view.author, { accountId: view.author, code: view.author_code ?? "", premises });
  }
  return [...owners.values()];
}

function readCode(answers: Answers, owners: readonly Owner[]): Read<Owner> {
  const typed = plain(answers["code"] ?? "");
  const owner = owners.find(({ code }) => code !== "" && plain(code) === typed);
  const errors: FormError[] = owner
    ? []
    : [{ field: "code", key: typed ? "owners.no-match" : "problem.form.code" }];
  const [first] = owners;
  const found = owner ?? first;
  return found ? finish(errors, found) : { ok: false, errors: [{ field: "code", key: "owners.no-match" }] };
}

function plain(code: string): string {
  return foldDigits(code)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, "");
}
