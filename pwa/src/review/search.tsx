// Finds a person or a place among everything on this phone, while the officer types and without signal.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { nationalityInWords, useCountries } from "../stays/nationality.tsx";
import { type Entry, textAt } from "../ui/entries.ts";
import { TextField } from "../ui/fields.tsx";
import { answer, useForm } from "../ui/form.ts";
import { Screen } from "../ui/layout.tsx";
import { phone } from "../ui/phone.ts";
import { StateBadge } from "../ui/state-badge.tsx";
import { t } from "../ui/text.ts";
import { entryName, entryPlace } from "./entry-name.ts";
import { findEntries, prepareFinding } from "./finding.ts";
import { originInWords } from "./grade.ts";

const shownMax = 50;
const lettersLeast = 2;

export function SearchPage() {
  return (
    <Screen title={t("search.title")} back="/app/inbox">
      <SearchBox />
    </Screen>
  );
}

/** The box with its findings; what else stands on the screen gives way to them. */
export function SearchBox({ children }: { readonly children?: ComponentChildren }) {
  const form = useForm({ search: "" });
  const query = answer(form, "search").trim();
  useEffect(() => void prepareFinding(phone.value.entries.values(), pause), []);
  return (
    <>
      <TextField
        form={form}
        name="search"
        label={t("search.label")}
        hint={t("search.hint")}
        testId="search"
      />
      {query.length >= lettersLeast ? <Findings query={query} /> : children}
    </>
  );
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

function Findings({ query }: { readonly query: string }) {
  useCountries();
  const { entries, areSimilar } = findEntries(phone.value.entries, query);
  return (
    <section>
      <p role="status">{countInWords(entries.length, areSimilar)}</p>
      <ul class="list">
        {entries.slice(0, shownMax).map((entry) => (
          <li key={entry.id}>
            <a
              href={entry.kind === "stay" ? `/app/inbox/${entry.id}` : `/app/premises/${entry.id}`}
              data-testid="search-item"
            >
              <span class="title">{entryName(entry)}</span>
              <StateBadge state={entry.state} />
              <span class="detail">
                {[nationality(entry), placeOf(entry), originInWords(entry)].filter(Boolean).join(" · ")}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function countInWords(count: number, areSimilar: boolean): string {
  if (count === 0) return t("search.none");
  if (areSimilar) return t("search.similar");
  return count > shownMax ? t("search.more", { n: shownMax }) : t("search.found", { n: count });
}

function nationality({ body, kind }: Entry): string {
  return kind === "stay" ? nationalityInWords(textAt(body, "nationality")) : "";
}

/** Where a person is; a place need not be told twice. */
function placeOf(entry: Entry): string {
  return entry.kind === "stay" ? entryPlace(entry) : "";
}
