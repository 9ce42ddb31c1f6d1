// Settings: who this phone is, the unsent queue as a file, space, and signing out without losing anything unsent.
import { useEffect, useState } from "preact/hooks";
import { ExportButton } from "../ledger/export.tsx";
import { openDatabase } from "../sync/database.ts";
import { signIn, signOut } from "../sync/session.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { role, waitingCount } from "../ui/phone.ts";
import { SyncBar } from "../ui/sync-bar.tsx";
import { isTextKey, t } from "../ui/text.ts";
import { AccountCard } from "./page.tsx";
import { ownName, ownPhone } from "./store.ts";

export function SettingsPage() {
  const roleKey = `role.${role.value}`;
  return (
    <Screen title={t("settings.title")} back="/app/">
      <h2>{t("settings.account")}</h2>
      <p>
        <strong>{ownName()}</strong> {ownPhone()} {isTextKey(roleKey) && `· ${t(roleKey)}`}
      </p>
      <AccountCard />
      <h2>{t("settings.export")}</h2>
      <ExportButton />
      <Storage />
      <p>
        <a class="button quiet" href="/app/verify">
          <Icon name="receipt" /> {t("settings.verify-receipt")}
        </a>
      </p>
      <SignOut />
    </Screen>
  );
}

function Storage() {
  const [space, setSpace] = useState<{ used: number; total: number; kept: boolean } | null>(null);
  const measure = () => void measureStorage().then(setSpace);
  useEffect(measure, []);
  if (!space) return null;
  const ask = () => void navigator.storage.persist().then(measure);
  return (
    <section>
      <p>{t("settings.storage", { used: space.used, total: space.total })}</p>
      <p>{t(space.kept ? "settings.persisted" : "settings.not-persisted")}</p>
      {!space.kept && (
        <button type="button" class="button" onClick={ask}>
          <Icon name="check" /> {t("settings.persist")}
        </button>
      )}
    </section>
  );
}

async function measureStorage(): Promise<{ used: number; total: number; kept: boolean } | null> {
  if (!navigator.storage?.estimate) return null;
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);
  return { used: megabytes(usage), total: megabytes(quota), kept: await navigator.storage.persisted() };
}

function SignOut() {
  const [asked, ask] = useState(false);
  return (
    <section>
      <h2>{t("settings.sign-out")}</h2>
      <p>{t("settings.sign-out-explain")}</p>
      {waitingCount.value > 0 && (
        <Notice tone="waiting" icon="clock">
          <p>{t("settings.sign-out-unsent", { n: waitingCount.value })}</p>
        </Notice>
      )}
      <button
        type="button"
        class={asked ? "button danger" : "button"}
        onClick={() => (asked ? void changeSession(signOut) : ask(true))}
        data-testid={asked ? "sign-out-yes" : "sign-out"}
      >
        <Icon name="leave" /> {t("settings.sign-out")}
      </button>
    </section>
  );
}

/** All that is left to see while nobody may look: nothing of anybody, why, and what is not sent yet. */
export function EndedPage({ ended }: { readonly ended: "signed-out" | "revoked" }) {
  const isRevoked = ended === "revoked";
  return (
    <Screen title={t(isRevoked ? "settings.revoked" : "settings.signed-out")}>
      {isRevoked && (
        <Notice tone="returned" icon="warning" live testId="revoked">
          <p>{t("problem.device-revoked")}</p>
          <p>{t("settings.revoked-explain")}</p>
        </Notice>
      )}
      {waitingCount.value > 0 && (
        <Notice tone="waiting" icon="clock">
          <p>{t("settings.sign-out-unsent", { n: waitingCount.value })}</p>
        </Notice>
      )}
      {isRevoked ? (
        <ExportButton />
      ) : (
        <button
          type="button"
          class="button first"
          onClick={() => void changeSession(signIn)}
          data-testid="sign-in"
        >
          <Icon name="person" /> {t("settings.sign-in")}
        </button>
      )}
    </Screen>
  );
}

/** For roles whose work is done elsewhere; whoever has just been given another one asks again with the button. */
export function NoAreaPage() {
  const roleKey = `role.${role.value}`;
  return (
    <Screen title={t("app.title")}>
      <Notice tone="plain" icon="help" testId="no-area">
        <p>{t("app.no-area", { role: isTextKey(roleKey) ? t(roleKey) : role.value })}</p>
      </Notice>
      <SyncBar />
    </Screen>
  );
}

/** The page begins anew, so that nothing of before stays in its memory. */
async function changeSession(change: typeof signIn): Promise<void> {
  await change(await openDatabase());
  location.assign("/app/");
}
