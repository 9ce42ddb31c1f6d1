// The order in words: what it asks, on which legal basis, and how much time is left.
import { countDown } from "../facts/deadlines.ts";
import { dateInWords } from "../ui/dates.ts";
import { textAt, valueAt } from "../ui/entries.ts";
import { Icon } from "../ui/icons.tsx";
import { now } from "../ui/phone.ts";
import { currentLanguage, t } from "../ui/text.ts";
import { type Order, orderText } from "./rules.ts";

export function OrderCard({ order }: { readonly order: Order }) {
  const language = currentLanguage();
  return (
    <section class="card" data-testid="order">
      <p>
        <strong>{orderText(order, "title", language)}</strong>
      </p>
      <Deadline order={order} />
      <details>
        <summary>{t("order.basis")}</summary>
        <p>{orderText(order, "legal_basis", language)}</p>
      </details>
    </section>
  );
}

function Deadline({ order }: { readonly order: Order }) {
  const deadline = textAt(order, "deadline_at");
  const hours = Number(valueAt(order, "reporting_window_hours") ?? 24);
  if (!deadline) return <p>{t("deadline.within-hours", { n: hours })}</p>;
  const left = countDown(now.value, Date.parse(deadline));
  return (
    <p data-testid="deadline">
      <Icon name="clock" /> {t("deadline.until", { when: dateInWords(left.last_day) })}
      <br />
      <strong>{left.passed ? t("deadline.passed") : timeLeft(left)}</strong>
    </p>
  );
}

function timeLeft(left: { readonly days: number; readonly hours: number; readonly minutes: number }): string {
  if (left.days > 0) return t("deadline.days-left", { n: left.days });
  if (left.hours > 0) return t("deadline.hours-left", { n: left.hours });
  return t("deadline.minutes-left", { n: left.minutes });
}
