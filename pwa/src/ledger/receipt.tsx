// One receipt: what it proves and what it does not, its QR code, and a text to share that names nobody.
import { useEffect, useState } from "preact/hooks";
import { placeInWords } from "../places/page.tsx";
import { nameFor } from "../places/rules.ts";
import type { ReceiptClaims } from "../sync/messages.ts";
import { verifyReceipt } from "../sync/receipts.ts";
import { instantInWords } from "../ui/dates.ts";
import { Facts } from "../ui/facts.tsx";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { lazyPage } from "../ui/lazy.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { currentLanguage, isTextKey, t } from "../ui/text.ts";
import { kindInWords } from "./problem.tsx";

const QrCode = lazyPage(() => import("./qr.tsx").then((module) => module.QrCode));

export function ReceiptPage({ id }: { readonly id: string }) {
  const document = phone.value.documents.find((one) => one.id === id);
  const claims = useClaims(document?.receipt ?? null);
  if (!document?.receipt || !claims) {
    return (
      <Screen title={t("receipt.title")} back="/app/outbox">
        <p>{t("receipt.none")}</p>
      </Screen>
    );
  }
  const link = verifyLink(document.receipt);
  return (
    <Screen title={t("receipt.title")} back="/app/outbox">
      <NoPermit />
      <ReceiptFacts claims={claims} place={document.place} />
      <QrCode text={link} label={t("receipt.qr")} />
      <ShareButton claims={claims} link={link} />
    </Screen>
  );
}

/** The claims, once this phone itself has verified the signature. */
function useClaims(receipt: string | null): ReceiptClaims | null {
  const [claims, setClaims] = useState<ReceiptClaims | null>(null);
  useEffect(() => {
    if (receipt) void verifyReceipt(receipt, knownKeys()).then(setClaims);
  }, [receipt]);
  return claims;
}

/** Every key of the register that this phone has seen, retired ones too. */
export function knownKeys() {
  const { register, device } = phone.value;
  return [...(register?.receipt_keys ?? []), ...device.receipt_keys];
}

export function verifyLink(receipt: string): string {
  return `${phone.value.register?.base_url ?? location.origin}/verify#${receipt}`;
}

export function NoPermit() {
  return (
    <Notice tone="received" icon="receipt">
      <p>
        <strong>{t("receipt.no-permit")}</strong>
      </p>
      <p>{t("receipt.means")}</p>
      <p>{t("receipt.free")}</p>
    </Notice>
  );
}

export function ReceiptFacts({ claims, place }: { readonly claims: ReceiptClaims; readonly place?: string }) {
  const grade = `grade.${claims.grade}`;
  const facts = [
    [t("receipt.number"), String(claims.pos)],
    [t("receipt.kind"), kindInWords(claims.kind)],
    [t("receipt.received_at"), instantInWords(claims.received_at)],
    [t("receipt.place"), place && placeInWords(place)],
    [t("receipt.grade"), isTextKey(grade) ? t(grade) : claims.grade],
    [t("receipt.register"), registerName(claims)],
  ] as const;
  return (
    <>
      <Facts facts={facts} />
      <p class="hint">
        {t("receipt.hash")}: <span class="code">{claims.hash}</span>
      </p>
    </>
  );
}

function registerName(claims: ReceiptClaims): string {
  const { register } = phone.value;
  if (register?.register !== claims.register) return claims.register;
  return nameFor(currentLanguage(), register.name) || claims.register;
}

function ShareButton({ claims, link }: { readonly claims: ReceiptClaims; readonly link: string }) {
  const [copied, setCopied] = useState(false);
  const text = t("receipt.share-text", {
    pos: claims.pos,
    register: registerName(claims),
    kind: kindInWords(claims.kind),
    when: instantInWords(claims.received_at),
    link,
  });
  const share = () => {
    if (navigator.share) void navigator.share({ text }).catch(() => undefined);
    else void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <div class="buttons no-print">
      <button type="button" class="button" onClick={share} data-testid="receipt-share">
        <Icon name="share" /> {copied ? t("word.copied") : t("word.share")}
      </button>
      <button type="button" class="button" onClick={() => print()}>
        <Icon name="print" /> {t("word.print")}
      </button>
    </div>
  );
}
