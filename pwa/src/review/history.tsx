// Earlier versions of an entry: what was first declared stays readable after every correction.
import type { ComponentChildren } from "preact";
import type { JsonObject, View } from "../sync/messages.ts";
import { dateInWords, instantInWords } from "../ui/dates.ts";
import { type Entry, mergePatch, type OwnDocument, textAt } from "../ui/entries.ts";
import { phone } from "../ui/phone.ts";
import { timeOf } from "../ui/register-time.ts";
import { counted, isTextKey, t } from "../ui/text.ts";
import { EntryFacts } from "./entry-facts.tsx";

type Version = {
  readonly id: string;
  /** By the register's clock. */
  readonly at: number | string;
  readonly grade?: string | undefined;
  readonly body: JsonObject;
};

/** What was first declared and each correction; and the days of leaving, where they were more than one. */
export function History({ entry }: { readonly entry: Entry }) {
  const versions = listVersions(entry);
  const departures = listDepartures(entry);
  if (versions.length < 2 && departures.length < 2) return null;
  return (
    <details data-testid="history">
      <summary>
        {t("stay.history")} ({counted(versions.length + departures.length)})
      </summary>
      {versions.map(({ body, ...version }, index) => (
        <Card key={version.id} {...version} testId="version">
          <h3>{index === 0 ? t("stay.first-version") : t("stay.earlier", { n: index + 1 })}</h3>
          <EntryFacts kind={entry.kind} body={body} />
        </Card>
      ))}
      {departures.map(({ body, ...departure }) => (
        <Card key={departure.id} {...departure} testId="departure">
          <h3>{t("kind.departure")}</h3>
          <p>{dateInWords(textAt(body, "left_on"))}</p>
        </Card>
      ))}
    </details>
  );
}

type CardProps = Omit<Version, "body"> & { readonly testId: string; readonly children: ComponentChildren };

function Card({ at, grade, testId, children }: CardProps) {
  return (
    <section class="card" data-testid={testId}>
      {children}
      <p class="soft">{instantInWords(at)}</p>
      <Grade grade={grade} />
    </section>
  );
}

function Grade({ grade }: Pick<Version, "grade">) {
  const key = `grade.${grade}`;
  return isTextKey(key) ? <p class="soft">{t(key)}</p> : null;
}

/** Each version whole, as the register holds them; what only this phone has is laid on what was there. */
function listVersions({ view, own, kind }: Entry): readonly Version[] {
  const versions = [...listKept(view, kind)];
  const known = new Set(versions.map(({ id }) => id));
  for (const document of own) {
    const { id, body } = document;
    if (document.kind !== kind || document.state === "rejected" || known.has(id)) continue;
    const before = versions[versions.length - 1]?.body ?? {};
    versions.push({ id, at: ownTime(document), body: mergePatch(before, body) });
  }
  return versions;
}

function listDepartures({ view, own }: Entry): readonly Version[] {
  const kept = listKept(view, "departure");
  const known = new Set(kept.map(({ id }) => id));
  const ahead = own.filter(
    ({ id, kind, state }) => kind === "departure" && state !== "rejected" && !known.has(id),
  );
  return [...kept, ...ahead.map((one) => ({ id: one.id, at: ownTime(one), body: one.body }))];
}

function ownTime(document: OwnDocument): number {
  return timeOf(document, phone.value.device);
}

function listKept(view: View | undefined, kind: string): readonly Version[] {
  return (view?.history ?? [])
    .filter((document) => document.kind === kind)
    .flatMap(({ id, received_at, grade, body }) => (body ? [{ id, at: received_at, grade, body }] : []));
}
