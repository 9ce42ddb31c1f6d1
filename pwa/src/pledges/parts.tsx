// What the pledge shows before and after it is signed: that it is a draft, who stands as an exception, which text it is.
import { nameOf } from "../stays/name.ts";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { t } from "../ui/text.ts";
import type { ExceptedStay } from "./rules.ts";
import type { Signing } from "./store.ts";

export function DraftNotice() {
  return (
    <Notice tone="waiting" icon="warning" testId="pledge-draft">
      <p>
        <strong>{t("pledge.draft")}</strong>
      </p>
      {phone.value.register?.demo && <p>{t("pledge.not-binding")}</p>}
    </Notice>
  );
}

export function Exceptions({ excepted }: { readonly excepted: readonly ExceptedStay[] }) {
  return (
    <section class="card" data-testid="pledge-exceptions">
      <p>
        <strong>{t(excepted.length > 0 ? "pledge.exceptions" : "pledge.exceptions-none")}</strong>
      </p>
      <ul>
        {excepted.map(({ stay, why }) => (
          <li key={stay.id}>
            {nameOf(stay) || t("stay.unnamed")}: {why.map((one) => t(`exception.${one}`)).join(" · ")}
          </li>
        ))}
      </ul>
      <p class="hint">{t("pledge.exceptions-explain")}</p>
    </section>
  );
}

/** Which text this is, so that anyone can prove later what was on the screen. */
export function TextProof({
  signing: { text, wording },
}: {
  readonly signing: Pick<Signing, "text" | "wording">;
}) {
  return (
    <p class="hint">
      {t("pledge.version", { id: text.id, version: text.version })}
      <br />
      {t("pledge.hash")}: <span class="code">{wording.hash}</span>
    </p>
  );
}
