// Checks anybody's receipt on this phone, without signal: the receipt stands in the address after #, or is pasted.

import { useEffect, useState } from "preact/hooks";
import { stripZeroWidth } from "../facts/values.ts";
import type { ReceiptClaims } from "../sync/messages.ts";
import { verifyReceipt } from "../sync/receipts.ts";
import { LongTextField } from "../ui/fields.tsx";
import { answer, useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { t } from "../ui/text.ts";
import { knownKeys, NoPermit, ReceiptFacts } from "./receipt.tsx";

type Verdict =
  | { readonly kind: "none" | "bad" | "unknown-key" }
  | { readonly kind: "good"; readonly claims: ReceiptClaims };

export function VerifyPage() {
  const form = useForm(() => ({ receipt: readFragment() }));
  const [verdict, setVerdict] = useState<Verdict>({ kind: "none" });
  const check = (text: string) => void judge(text).then(setVerdict);
  useEffect(() => {
    const follow = () => void judge(readFragment()).then(setVerdict);
    follow();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return (
    <Screen title={t("verify.title")} back="/app/">
      <div role="status">
        <VerdictNotice verdict={verdict} />
      </div>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          check(answer(form, "receipt"));
        }}
      >
        <LongTextField form={form} name="receipt" label={t("verify.paste")} hint={t("verify.none")} plain />
        <button class="button" type="submit" data-testid="verify-check">
          <Icon name="search" /> {t("verify.check")}
        </button>
      </form>
    </Screen>
  );
}

function VerdictNotice({ verdict }: { readonly verdict: Verdict }) {
  if (verdict.kind === "none") return null;
  if (verdict.kind !== "good") {
    return (
      <Notice tone="returned" icon="warning" testId="verify-bad">
        <p>{t(`verify.${verdict.kind}`)}</p>
      </Notice>
    );
  }
  return (
    <>
      <Notice tone="accepted" icon="check" testId="verify-good">
        <p>
          <strong>{t("verify.good")}</strong>
        </p>
        <p>{t("verify.offline")}</p>
      </Notice>
      <NoPermit />
      <ReceiptFacts claims={verdict.claims} />
    </>
  );
}

function readFragment(): string {
  return location.hash.slice(1);
}

/** A pasted link counts as its receipt. */
async function judge(text: string): Promise<Verdict> {
  const receipt = stripZeroWidth(text).trim().split("#").pop() ?? "";
  if (!receipt) return { kind: "none" };
  const keys = knownKeys();
  const claims = await verifyReceipt(receipt, keys);
  if (claims) return { kind: "good", claims };
  const kid = keyIdOf(receipt);
  return { kind: kid === null || keys.some((key) => key.kid === kid) ? "bad" : "unknown-key" };
}

/** Which key the text says has signed it; null when it is no receipt at all. */
function keyIdOf(receipt: string): string | null {
  try {
    const head = (receipt.split(".")[0] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const header: { readonly kid?: unknown } = JSON.parse(atob(head));
    return typeof header.kid === "string" ? header.kid : null;
  } catch {
    return null;
  }
}
