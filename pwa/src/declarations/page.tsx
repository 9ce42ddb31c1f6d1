// The owner says who lives or works at a place today: nobody, these people, or the same as before.
import { useState } from "preact/hooks";
import { orderText } from "../orders/rules.ts";
import { findOrder } from "../orders/store.ts";
import { nameInWords } from "../premises/name.ts";
import { People } from "../premises/page.tsx";
import { ReturnedNotice } from "../review/returned.tsx";
import type { Entry } from "../ui/entries.ts";
import { ErrorSummary } from "../ui/error-summary.tsx";
import { useForm } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { Screen } from "../ui/layout.tsx";
import { Notice } from "../ui/notice.tsx";
import { phone } from "../ui/phone.ts";
import { submit } from "../ui/submit.ts";
import { currentLanguage, t } from "../ui/text.ts";
import {
  findReturnedDeclaration,
  isUnchanged,
  latestDeclaration,
  listDeclarable,
  listPresent,
} from "./rules.ts";
import { saveDeclaration } from "./store.ts";

export function DeclarationPage({ premises }: { readonly premises: Entry }) {
  const form = useForm({});
  const [isSaved, setSaved] = useState(false);
  const order = findOrder(premises.place);
  const back = `/app/premises/${premises.id}`;
  if (!order) {
    return (
      <Screen title={t("declare.title")} back={back}>
        <p>{t("home.no-order")}</p>
      </Screen>
    );
  }
  if (isSaved) return <Saved back={back} />;
  const entries = [...phone.value.entries.values()];
  const present = listDeclarable(entries, premises.id);
  const declaration = latestDeclaration(entries, premises.id, order.id);
  const returned = findReturnedDeclaration(entries, premises.id, order.id);
  // What was sent back is said anew: that nothing changed would not answer the police.
  const unchangedSince =
    declaration && declaration !== returned && isUnchanged(declaration, present) ? declaration : undefined;
  const send = () =>
    void submit(
      form,
      { ok: true, value: { premises, order, present, unchangedSince } },
      { store: saveDeclaration, saved: () => setSaved(true) },
    );
  return (
    <Screen title={t("declare.title")} back={back}>
      <p class="soft">{orderText(order, "title", currentLanguage())}</p>
      <ErrorSummary form={form} />
      {returned && <ReturnedNotice entry={returned} />}
      <LeftOut premises={premises} entries={entries} />
      {present.length === 0 ? (
        <Nil premises={premises} onYes={send} />
      ) : (
        <Complete present={present} isUnchanged={unchangedSince !== undefined} onYes={send} />
      )}
    </Screen>
  );
}

function LeftOut({ premises, entries }: { readonly premises: Entry; readonly entries: readonly Entry[] }) {
  const count = listPresent(entries, premises.id).length - listDeclarable(entries, premises.id).length;
  if (count === 0) return null;
  return (
    <Notice tone="returned" icon="warning">
      <p>{t("declare.stuck-left-out", { n: count })}</p>
    </Notice>
  );
}

function Nil({ premises, onYes }: { readonly premises: Entry; readonly onYes: () => void }) {
  return (
    <>
      <p>
        <strong>{t("declare.nil-ask", { premises: nameInWords(premises) })}</strong>
      </p>
      <button type="button" class="button first big" onClick={onYes} data-testid="declare-nil">
        <Icon name="check" /> {t("declare.nil-yes")}
      </button>
    </>
  );
}

type CompleteProps = {
  readonly present: readonly Entry[];
  readonly isUnchanged: boolean;
  readonly onYes: () => void;
};

function Complete({ present, isUnchanged: same, onYes }: CompleteProps) {
  const n = present.length;
  return (
    <>
      <p>{t("declare.explain")}</p>
      <button type="button" class="button first big" onClick={onYes} data-testid="declare-save">
        <Icon name="check" /> {same ? t("declare.nothing-changed-yes", { n }) : t("declare.save", { n })}
      </button>
      <h2>{t("declare.count", { n })}</h2>
      <People stays={present} />
    </>
  );
}

function Saved({ back }: { readonly back: string }) {
  return (
    <Screen title={t("declare.title")} back={back}>
      <Notice tone="accepted" icon="check" live testId="declare-saved">
        <p>{t("declare.saved")}</p>
      </Notice>
      <a class="button first" href="/app/">
        <Icon name="home" /> {t("word.done")}
      </a>
    </Screen>
  );
}
