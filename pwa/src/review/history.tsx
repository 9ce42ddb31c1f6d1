// Earlier versions of an entry: what was first declared stays readable after every correction.

import type { JsonObject } from "../sync/messages.ts";
import { instantInWords } from "../ui/dates.ts";
import { type Entry, mergePatch } from "../ui/entries.ts";
import { t } from "../ui/text.ts";
import { EntryFacts } from "./entry-facts.tsx";

type Version = { readonly id: string; readonly at: string; readonly body: JsonObject };

export function History({ entry }: { readonly entry: Entry }) {
  const versions = listVersions(entry);
  if (versions.length < 2) return null;
  return (
    <details data-testid="history">
      <summary>
        {t("stay.history")} ({versions.length})
      </summary>
      {versions.map(({ id, at, body }, index) => (
        <section class="card" key={id} data-testid="version">
          <h3>{index === 0 ? t("stay.first-version") : t("stay.earlier", { n: index + 1 })}</h3>
          <p class="soft">{instantInWords(at)}</p>
          <EntryFacts kind={entry.kind} body={body} />
        </section>
      ))}
    </details>
  );
}

/** Each version whole, as the register has them, or as this phone wrote them while they are still under way. */
function listVersions(entry: Entry): readonly Version[] {
  const known = entry.view?.history?.filter(({ kind }) => kind === entry.kind);
  if (known) return known.map(({ id, received_at, body }) => ({ id, at: received_at, body }));
  const own = entry.own.filter(({ kind, state }) => kind === entry.kind && state !== "rejected");
  let body: JsonObject = {};
  return own.map((document) => {
    body = mergePatch(body, document.body);
    return { id: document.id, at: document.made_at, body };
  });
}
