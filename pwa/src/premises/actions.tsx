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
import type { Order } from "../orders/rules.ts";
import { listOrders } from "../orders/store.ts";
import { agoInWords } from "../ui/dates.ts";
import { type Entry, textAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { Notice } from "../ui/notice.tsx";
import { now, phone } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { type TextKey, t } from "../ui/text.ts";

const dutyTexts: Readonly<Record<Duty, TextKey>> = {
  declare: "home.to-declare",
  "declare-again": "home.to-declare",
  renew: "home.to-renew",
  sign: "home.to-sign",
};

/** What is owed at one place under one of the orders that are open there. */
type Owed = { readonly order: Order; readonly duties: readonly Duty[] };

export function dutiesAt(premises: Entry): readonly Owed[] {
  const entries = phone.value.entries.values();
  const under = { entries: [...entries], premisesId: premises.id, now: now.value };
  return listOrders(premises.place).map((order) => ({ order, duties: listDuties({ ...under, order }) }));
}

/** The step that is taken most often; apart, because it stands above all that changes by itself. */
export function AddPerson({ premises }: { readonly premises: Entry }) {
  return (
    <a class="button first big" href={`/app/premises/${premises.id}/stays/new`} data-testid="stay-new">
      <Icon name="add" /> {t("stay.new")}
    </a>
  );
}

/** Every open order stands here with what it still asks, or that nothing is owed. */
export function PremisesActions({ premises }: { readonly premises: Entry }) {
  const owed = dutiesAt(premises);
  return (
    <>
      {owed.length === 0 && <p class="soft">{t("home.no-order")}</p>}
      {owed.map(({ order, duties }) => (
        <section key={order.id} data-testid="under-order" data-order={order.id} data-owed={duties.length}>
          <OrderCard order={order} />
          {duties.length > 0 ? <Duties duties={duties} /> : <NothingOwed />}
          <UnderOrder premises={premises} order={order} duties={duties} />
        </section>
      ))}
    </>
  );
}

function NothingOwed() {
  return (
    <Notice tone="accepted" icon="check">
      <p>{t("home.nothing-owed")}</p>
    </Notice>
  );
}

/** In a list of places: which of them still owe something, and what. */
export function OwedAt({ premises }: { readonly premises: Entry }) {
  const duties = dutiesAt(premises).flatMap((owed) => owed.duties);
  if (duties.length === 0) return null;
  return (
    <span class="detail" data-testid="premises-owes" data-count={duties.length}>
      <Icon name="clock" /> {[...new Set(duties.map((duty) => t(dutyTexts[duty])))].join(" ")}
    </span>
  );
}

type UnderOrderProps = {
  readonly premises: Entry;
  readonly order: Order;
  readonly duties: readonly Duty[];
};

function UnderOrder({ premises, order, duties }: UnderOrderProps) {
  const entries = [...phone.value.entries.values()];
  const declaration = latestDeclaration(entries, premises.id, order.id);
  const count = listDeclarable(entries, premises.id).length;
  return (
    <>
      <Declared declaration={declaration} pledge={findPledge(entries, premises.id, order.id)} count={count} />
      <div class="buttons">
        <DeclareLink
          to={`/app/premises/${premises.id}/declare?order=${order.id}`}
          isEmpty={count === 0}
          isSame={declaration !== undefined && !duties.includes("declare-again")}
        />
        {textAt(order, "pledge_text_id") && (
          <a
            class="button"
            href={`/app/premises/${premises.id}/pledge?order=${order.id}`}
            data-testid="pledge-open"
          >
            <Icon name="pen" /> {t(duties.includes("sign") ? "pledge.open" : "pledge.title")}
          </a>
        )}
      </div>
    </>
  );
}

type DeclareLinkProps = { readonly to: string; readonly isEmpty: boolean; readonly isSame: boolean };

/** One way to the declaration, in the words that fit: nobody, no change, or the whole list. */
function DeclareLink({ to, isEmpty, isSame }: DeclareLinkProps) {
  const [key, testId] = isEmpty
    ? (["declare.nil", "declare-nil"] as const)
    : isSame
      ? (["declare.nothing-changed", "declare-unchanged"] as const)
      : (["declare.complete", "declare-complete"] as const);
  return (
    <a class="button" href={to} data-testid={testId}>
      <Icon name="check" /> {t(key)}
    </a>
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
  readonly declaration: Entry | undefined;
  readonly pledge: Entry | undefined;
  /** How many people the list holds now. */
  readonly count: number;
};

function Declared({ declaration, pledge, count }: DeclaredProps) {
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
      {declaration && declaredCount(declaration) !== count && (
        <p class="soft" data-testid="count-differs">
          {t("declare.count-differs", { declared: declaredCount(declaration), now: count })}
        </p>
      )}
      {pledge && (
        <p data-testid="pledged">
          {t("pledge.title")}: <StateBadge state={pledge.state} />
        </p>
      )}
    </>
  );
}
