// A list of facts, word and value; what was not said is not shown, and what nobody knew is said in words.
import { t } from "./text.ts";

export type Fact = readonly [label: string, value: string | undefined];

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  const known = facts.filter(([, value]) => value);
  return (
    <dl class="facts">
      {known.map(([label, value]) => (
        <>
          <dt>{label}</dt>
          <dd>{valueInWords(value)}</dd>
        </>
      ))}
    </dl>
  );
}

/** The one value that every text of a document may have and that is a word of the protocol (wire.md). */
export function valueInWords(value: string | undefined): string | undefined {
  return value === "unknown" ? t("word.unknown") : value;
}
