// How it stands with the register, and the button that sends now.
import { agoInWords } from "./dates.ts";
import { Icon, type IconName } from "./icons.tsx";
import { online } from "./layout.tsx";
import { now, phone, stuckCount, waitingCount } from "./phone.ts";
import { contactAt } from "./register-time.ts";
import { isSending, sendNow } from "./sending.ts";
import { t } from "./text.ts";

type SyncState = "elsewhere" | "too-old" | "sending" | "offline" | "trouble" | "waiting" | "stuck" | "idle";

/** The one word for how it stands; what a person must act on comes first. */
function currentState(): SyncState {
  const { link } = phone.value.device;
  if (link.moved_to) return "elsewhere";
  if (!link.may_compose) return "too-old";
  if (isSending.value && waitingCount.value > 0) return "sending";
  if (!online.value) return "offline";
  if (link.failures > 0) return "trouble";
  if (waitingCount.value > 0) return "waiting";
  return stuckCount.value > 0 ? "stuck" : "idle";
}

const icons: Readonly<Record<SyncState, IconName>> = {
  elsewhere: "warning",
  "too-old": "warning",
  sending: "sending",
  offline: "offline",
  trouble: "warning",
  waiting: "clock",
  stuck: "warning",
  idle: "check",
};

export function SyncBar() {
  const state = currentState();
  const { device } = phone.value;
  const last = contactAt(device);
  const moved = device.link.moved_to;
  return (
    <section class="card no-print">
      <p role="status" data-testid="sync-state" data-state={state} data-waiting={waitingCount.value}>
        <Icon name={icons[state]} />{" "}
        {t(`sync.${state}`, { n: state === "stuck" ? stuckCount.value : waitingCount.value })}
      </p>
      {moved && <MovedTo address={moved} />}
      <p class="soft">
        {last === null ? t("sync.never") : t("sync.last", { when: agoInWords(last, now.value) })}
      </p>
      <button type="button" class="button" onClick={() => void sendNow()} data-testid="sync-now">
        <Icon name="sending" /> {t("sync.now")}
      </button>
    </section>
  );
}

/** The way to the register that these entries belong to; this page may not send there itself, and keeps them. */
function MovedTo({ address }: { readonly address: string }) {
  if (!/^https?:\/\//.test(address)) return null;
  return (
    <>
      <p>{t("sync.elsewhere-explain")}</p>
      <p>
        <a class="button" href={`${address}/app/`} rel="noopener" data-testid="sync-moved">
          <Icon name="share" /> {t("sync.elsewhere-open")}
        </a>{" "}
        <span class="code">{address}</span>
      </p>
      <p>
        <a href="/app/outbox">{t("sync.elsewhere-keep")}</a>
      </p>
    </>
  );
}
