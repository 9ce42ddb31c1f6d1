// The first run: where to open the page, who you are, and the code that the officer compares.
import { useState } from "preact/hooks";
import { Vanished } from "../ledger/counts.tsx";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { ChoiceField, TextField } from "../ui/fields.tsx";
import { answer, type Form, useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { isRegisterAsked, phone } from "../ui/phone.ts";
import { problemInWords } from "../ui/problems.ts";
import { navigate } from "../ui/router.ts";
import { submit } from "../ui/submit.ts";
import { t } from "../ui/text.ts";
import { capacities, findInAppBrowser, readInvitation, readRegistration, registrable } from "./rules.ts";
import { findRegistration, ownCapacity, ownName, ownPhone, register } from "./store.ts";

export function FirstRunPage() {
  const [staysInApp, stayInApp] = useState(false);
  const app = findInAppBrowser(navigator.userAgent);
  if (app && !staysInApp) return <InAppBrowser app={app} onStay={() => stayInApp(true)} />;
  if (!phone.value.register) {
    if (!isRegisterAsked.value) return <p class="bar">{t("app.loading")}</p>;
    return (
      <Screen title={t("app.title")}>
        <Vanished />
        <Notice tone="waiting" icon="offline" testId="needs-connection">
          <p>{t("app.needs-connection")}</p>
        </Notice>
      </Screen>
    );
  }
  return <RegistrationForm />;
}

function InAppBrowser({ app, onStay }: { readonly app: string; readonly onStay: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(location.href).then(() => setCopied(true));
  return (
    <Screen title={t("inapp.title")}>
      <Notice tone="returned" icon="warning" testId="in-app-browser">
        <p>{t("inapp.why", { app })}</p>
      </Notice>
      <ol>
        <li>{t("inapp.step-1")}</li>
        <li>{t("inapp.step-2")}</li>
      </ol>
      <button type="button" class="button first" onClick={() => void copy()}>
        <Icon name="share" /> {copied ? t("word.copied") : t("inapp.copy")}
      </button>
      <button type="button" class="button quiet wide" onClick={onStay} data-testid="in-app-stay">
        {t("inapp.stay")}
      </button>
    </Screen>
  );
}

function RegistrationForm() {
  const [invited] = useState(() => readInvitation(location.search));
  const isInvited = invited.code !== "";
  const form = useForm(() => ({
    invitation: invited.code,
    name: ownName(),
    phone: ownPhone(),
    capacity: ownCapacity() || invited.capacity,
  }));
  const send = (event: Event) => {
    event.preventDefault();
    void submit(form, readRegistration(form.answers.value), { store: register, saved: finishFirstRun });
  };
  return (
    <Screen title={t("app.title")}>
      <Vanished />
      <p>{t(isInvited ? "first.invited" : "first.welcome")}</p>
      <Notice tone="received" icon="offline">
        <p>{t("first.works-offline")}</p>
      </Notice>
      <ErrorSummary form={form} />
      <form noValidate onSubmit={send}>
        <Person form={form} isInvited={isInvited} />
        <Invitation form={form} isGiven={isInvited} />
        <p class="hint">{t("first.privacy")}</p>
        <button class="button first big" type="submit" data-testid="register-submit">
          <Icon name="check" /> {t("first.submit")}
        </button>
      </form>
    </Screen>
  );
}

/** Who it is, and in which capacity: the post's stands open only to those whom it invited. */
function Person({ form, isInvited }: { readonly form: Form; readonly isInvited: boolean }) {
  const options = (isInvited ? registrable : capacities).map((value) => ({
    value,
    label: t(`capacity.${value}`),
  }));
  return (
    <>
      <h2>{t("first.who-are-you")}</h2>
      <TextField form={form} name="name" label={t("first.name")} fill="name" testId="register-name" />
      <TextField
        form={form}
        name="phone"
        label={t("first.phone")}
        hint={t("first.phone-hint")}
        keyboard="tel"
        fill="tel"
        testId="register-phone"
      />
      <ChoiceField form={form} name="capacity" label={t("first.capacity")} options={options} />
    </>
  );
}

function Invitation({ form, isGiven }: { readonly form: Form; readonly isGiven: boolean }) {
  return (
    <details open={isGiven || answer(form, "invitation") !== ""}>
      <summary>{t("first.invitation-none")}</summary>
      <TextField form={form} name="invitation" label={t("first.invitation")} testId="register-invitation" />
    </details>
  );
}

/** Asks the browser to keep the data; the answer does not matter for going on. */
function finishFirstRun(): void {
  void navigator.storage?.persist?.().catch(() => false);
  navigate("/app/", true);
}

/** Where the registration stands, with the code as soon as the register has given one. */
export function AccountCard() {
  const { account } = phone.value.device;
  const registration = findRegistration();
  if (!account && registration?.code) {
    return (
      <Notice tone="returned" icon="warning" testId="account-refused">
        <p>{t("account.refused")}</p>
        <p>{problemInWords({ code: registration.code })}</p>
        <a href="/app/register">{t("account.start-again")}</a>
      </Notice>
    );
  }
  if (!account) {
    return (
      <Notice tone="waiting" icon="clock" testId="account-unsent">
        <p>{t("account.unsent")}</p>
      </Notice>
    );
  }
  if (account.state === "active") {
    return (
      <p data-testid="account-active">
        <Icon name="check" /> {t("account.active")}
      </p>
    );
  }
  return <Unverified code={account.verification_code} />;
}

/** What the person shows to the officer, who compares the code. */
function Unverified({ code }: { readonly code: string | undefined }) {
  return (
    <Notice tone="waiting" icon="clock" testId="account-unverified">
      <p>{t("account.unverified")}</p>
      {code && (
        <>
          <p>
            {t("account.code")}:{" "}
            <span class="code large" data-testid="verification-code">
              {code}
            </span>
          </p>
          <p>{t("account.code-hint")}</p>
        </>
      )}
    </Notice>
  );
}
