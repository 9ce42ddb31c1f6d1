// Earlier versions of an entry: what was first declared stays readable after every correction.

import type { JsonObject } from "../sync/messages.ts";
import { instantInWords } from "../ui/dates.ts";
import { type Entry, mergePatch } from "../ui/entries.ts";
import { counted, isTextKey, t } from "../ui/text.ts";
import { EntryFacts } from "./entry-facts.tsx";

type Version = {
  readonly id: string;
  readonly at: string;
  readonly grade?: string | undefined;
  readonly body: JsonObject;
};

export function History({ entry }: { readonly entry: Entry }) {
  const versions = listVersions(entry);
  if (versions.length < 2) return null;
  return (
    <details data-testid="history">
      <summary>
        {t("stay.history")} ({counted(versions.length)})
      </summary>
      {versions.map(({ id, at, grade, body }, index) => (
        <section class="card" key={id} data-testid="version">
          <h3>{index === 0 ? t("stay.first-version") : t("stay.earlier", { n: index + 1 })}</h3>
          <p class="soft">{instantInWords(at)}</p>
          <Grade grade={grade} />
          <EntryFacts kind={entry.kind} body={body} />
        </section>
      ))}
    </details>
  );
}

function Grade({ grade }: Pick<Version, "grade">) {
  const key = `grade.${grade}`;
  return isTextKey(key) ? <p class="soft">{t(key)}</p> : null;
}

/** Each version whole, as the register holds them; what only this phone has is laid on what was there. */
function listVersions({ view, own, kind }: Entry): readonly Version[] {
  const versions: Version[] = (view?.history ?? [])
    .filter((document) => document.kind === kind)
    .flatMap(({ id, received_at, grade, body }) => (body ? [{ id, at: received_at, grade, body }] : []));
  const known = new Set(versions.map(({ id }) => id));
  for (const { id, kind: own_kind, state, made_at, body } of own) {
    if (own_kind !== kind || state === "rejected" || known.has(id)) continue;
    const before = versions[versions.length - 1]?.body ?? {};
    versions.push({ id, at: made_at, body: mergePatch(before, body) });
  }
  return versions;
}
