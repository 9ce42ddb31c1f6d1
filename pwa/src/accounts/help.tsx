// Help: the hotline first, then what the words mean; it stores nothing.
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { type TextKey, t } from "../ui/text.ts";

/** The number of the police in an emergency, until the register has said another. */
const emergencyNumber = "117";

export function HelpPage() {
  const number = phone.value.register?.hotline ?? emergencyNumber;
  return (
    <Screen title={t("help.title")} back="/app/">
      <Notice tone="returned" icon="phone">
        <p>{t("help.danger", { number })}</p>
      </Notice>
      <a class="button first big" href={`tel:${number}`} data-testid="help-call">
        <Icon name="phone" /> {t("help.call", { number })}
      </a>
      <p class="soft">
        {t("help.nothing-stored")} {t("help.watch")}
      </p>
      <Explained title="help.offline-works" lines={["help.offline-works-text"]} />
      <Explained
        title="help.states"
        lines={[
          "help.states-waiting",
          "help.states-received",
          "help.states-returned",
          "help.states-accepted",
        ]}
      />
      <Explained title="help.unknown" lines={["help.unknown-text", "help.passports"]} />
      <p>{t("help.free")}</p>
    </Screen>
  );
}

function Explained({ title, lines }: { readonly title: TextKey; readonly lines: readonly TextKey[] }) {
  return (
    <section>
      <h2>{t(title)}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{t(line)}</li>
        ))}
      </ul>
    </section>
  );
}

export function HelpLink() {
  const number = phone.value.register?.hotline ?? emergencyNumber;
  return (
    <p>
      <a class="button wide" href="/app/help">
        <Icon name="phone" /> {t("home.help-117", { number })}
      </a>
    </p>
  );
}
