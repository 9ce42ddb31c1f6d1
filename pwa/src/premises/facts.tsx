// What is declared about one place, in words.
import { PremisesPhoto } from "../blobs/page.tsx";
import { placeInWords } from "../places/page.tsx";
import type { JsonObject } from "../sync/messages.ts";
import { knownTextAt, textAt, valueAt } from "../ui/entries.ts";
import { type Fact, Facts } from "../ui/facts.tsx";
import { counted, isTextKey, t } from "../ui/text.ts";
import { parties } from "./rules.ts";

export function PremisesFacts({ body, place }: { readonly body: JsonObject; readonly place?: string }) {
  const kind = `premises.kind.${textAt(body, "kind")}`;
  const capacity = `capacity.${textAt(body, "capacity")}`;
  const facts: readonly Fact[] = [
    [t("premises.kind"), isTextKey(kind) ? t(kind) : ""],
    [t("premises.name-km"), textAt(body, "names", "km")],
    [t("premises.name-latin"), textAt(body, "names", "latin")],
    [t("premises.name-zh"), textAt(body, "names", "zh")],
    [t("premises.commune"), place && placeInWords(place)],
    [t("premises.village"), textAt(body, "village")],
    [t("premises.address"), textAt(body, "address")],
    [t("premises.landmark"), textAt(body, "landmark")],
    [t("premises.rooms"), countAt(body, "rooms_count")],
    [t("premises.beds"), countAt(body, "beds_count")],
    [t("premises.declared-by"), isTextKey(capacity) ? t(capacity) : ""],
    ...parties.map((party): Fact => [t(`premises.${party}`), partyInWords(body, party)]),
    [t("premises.fpcs_reference"), textAt(body, "fpcs_reference")],
  ];
  const photo = textAt(body, "photo");
  return (
    <>
      {photo && <PremisesPhoto name={photo} />}
      <Facts facts={facts} />
    </>
  );
}

function countAt(body: JsonObject, name: string): string {
  const count = valueAt(body, name);
  return typeof count === "number" ? counted(count) : textAt(body, name);
}

function partyInWords(body: JsonObject, party: string): string {
  const parts = ["name", "native_name", "phone"].map((part) => knownTextAt(body, "contact", party, part));
  return parts.filter(Boolean).join(" · ") || textAt(body, "contact", party, "name");
}
