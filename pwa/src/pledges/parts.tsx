// What the pledge shows before and after it is signed: that it is a draft, who stands as an exception, which text it is.
import { nameOf } from "../stays/name.ts";
import type { JsonObject } from "../sync/messages.ts";
import { type Entry, isReceived, lastOf, textAt, valueAt } from "../ui/entries.ts";
import type { Fact } from "../ui/facts.tsx";
import { Icon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { isTextKey, t } from "../ui/text.ts";
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

type ExceptionsProps = {
  readonly excepted: readonly ExceptedStay[];
  /** How many more are named whose entries this phone does not hold. */
  readonly unknown_count?: number;
};

/** Who is meant by the closing words of the text, which stand before this and are not said again. */
export function Exceptions({ excepted, unknown_count = 0 }: ExceptionsProps) {
  const count = excepted.length + unknown_count;
  return (
    <section class="card" data-testid="pledge-exceptions">
      <p>
        <strong>{t(count > 0 ? "pledge.exceptions" : "pledge.exceptions-none")}</strong>
      </p>
      <ul>
        {excepted.map(({ stay, why }) => (
          <li key={stay.id}>
            {[nameOf(stay) || t("stay.unnamed"), why.map((one) => t(`exception.${one}`)).join(" · ")]
              .filter(Boolean)
              .join(": ")}
          </li>
        ))}
        {unknown_count > 0 && <li>{t("pledge.exceptions-not-here", { n: unknown_count })}</li>}
      </ul>
    </section>
  );
}

/** Who signed, and how; names only where they were disclosed. */
export function signerFacts(body: JsonObject): readonly Fact[] {
  const capacity = `capacity.${textAt(body, "capacity")}`;
  const unlocked = `pledge.unlocked-${textAt(body, "unlocked_by")}`;
  return [
    [t("pledge.signer"), textAt(body, "identity", "typed_name")],
    [t("pledge.capacity"), isTextKey(capacity) ? t(capacity) : ""],
    [t("pledge.signed-place"), textAt(body, "signed_place")],
    [t("pledge.witness"), textAt(body, "identity", "witness")],
    [
      t("pledge.reading"),
      t(valueAt(body, "read_aloud") === true ? "pledge.reading-done" : "pledge.reading-not"),
    ],
    [t("pledge.unlocked"), isTextKey(unlocked) ? t(unlocked) : ""],
  ];
}

/** Where this phone signed it: what the register acknowledged, to show and to keep. */
export function ReceiptLink({ pledge }: { readonly pledge: Entry }) {
  const receipt = lastOf(pledge.own, isReceived);
  if (!receipt) return null;
  return (
    <a class="button" href={`/app/receipts/${receipt.id}`}>
      <Icon name="receipt" /> {t("outbox.receipt")}
    </a>
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
