// What an owner can do at one place: add a person, declare the list, sign the pledge; with what is still owed on top.
import {
  type Duty,
  declaredCount,
  findPledge,
  latestDeclaration,
  listDeclarable,
  listDuties,
} from "../declarations/rules.ts";
import { OrderCard } from "../orders/page.tsx";
import { listOrders } from "../orders/store.ts";
import { agoInWords } from "../ui/dates.ts";
import { type Entry, textAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { now, phone } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { type TextKey, t } from "../ui/text.ts";

const dutyTexts: Readonly<Record<Duty, TextKey>> = {
  declare: "home.to-declare",
  "declare-again": "home.to-declare",
  renew: "home.to-renew",
  sign: "home.to-sign",
};

export function dutiesAt(premises: Entry): readonly Duty[] {
  const [order] = listOrders(premises.place);
  const entries = phone.value.entries.values();
  return order ? listDuties({ entries, premisesId: premises.id, order, now: now.value }) : [];
}

export function PremisesActions({ premises }: { readonly premises: Entry }) {
  const at = `/app/premises/${premises.id}`;
  const entries = [...phone.value.entries.values()];
  const [order] = listOrders(premises.place);
  const duties = dutiesAt(premises);
  const present = listDeclarable(entries, premises.id);
  const declaration = order && latestDeclaration(entries, premises.id, order.id);
  return (
    <>
      <a class="button first big" href={`${at}/stays/new`} data-testid="stay-new">
        <Icon name="add" /> {t("stay.new")}
      </a>
      {order ? <OrderCard order={order} /> : <p class="soft">{t("home.no-order")}</p>}
      {duties.length > 0 && <Duties duties={duties} />}
      <Declared order={order?.id} declaration={declaration} premises={premises} />
      {order && (
        <div class="buttons">
          {present.length === 0 && (
            <a class="button" href={`${at}/declare`} data-testid="declare-nil">
              {t("declare.nil")}
            </a>
          )}
          {present.length > 0 && (
            <a
              class="button"
              href={`${at}/declare`}
              data-testid={declaration ? "declare-unchanged" : "declare-complete"}
            >
              {t(
                declaration && !duties.includes("declare-again")
                  ? "declare.nothing-changed"
                  : "declare.complete",
              )}
            </a>
          )}
          {textAt(order, "pledge_text_id") && (
            <a class="button" href={`${at}/pledge`} data-testid="pledge-open">
              <Icon name="pen" /> {t("pledge.open")}
            </a>
          )}
        </div>
      )}
    </>
  );
}

function Duties({ duties }: { readonly duties: readonly Duty[] }) {
  return (
    <section class="card waiting" data-testid="duties">
      <h2>{t("home.what-next")}</h2>
      <ul>
        {duties.map((duty) => (
          <li key={duty}>{t(dutyTexts[duty])}</li>
        ))}
      </ul>
    </section>
  );
}

type DeclaredProps = {
  readonly order: string | undefined;
  readonly declaration: Entry | undefined;
  readonly premises: Entry;
};

function Declared({ order, declaration, premises }: DeclaredProps) {
  const pledge = order ? findPledge(phone.value.entries.values(), premises.id, order) : undefined;
  return (
    <>
      {declaration && (
        <p data-testid="declared">
          {t("declare.made", {
            when: agoInWords(textAt(declaration.body, "as_of"), now.value),
            n: declaredCount(declaration),
          })}{" "}
          <StateBadge state={declaration.state} />
        </p>
      )}
      {pledge && (
        <p data-testid="pledged">
          <a href={`/app/premises/${premises.id}/pledge`}>{t("pledge.title")}</a>{" "}
          <StateBadge state={pledge.state} />
        </p>
      )}
    </>
  );
}
