// The commune picker, in the order of the districts, and the name of a place for every other screen.
import { SelectField } from "../ui/fields.tsx";
import type { Form } from "../ui/form.ts";
import { phone } from "../ui/phone.ts";
import { currentLanguage, t } from "../ui/text.ts";
import { listDistricts, placeName } from "./rules.ts";

export function CommuneField({ form }: { readonly form: Form }) {
  const language = currentLanguage();
  return (
    <SelectField form={form} name="place" label={t("premises.commune")}>
      <option value="">{t("word.choose")}</option>
      {listDistricts(phone.value.register?.places ?? []).map(({ district, communes }) => (
        <optgroup key={district.place_id} label={placeName(district, language)}>
          {communes.map((commune) => (
            <option key={commune.place_id} value={commune.place_id}>
              {placeName(commune, language)}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

export function placeInWords(placeId: string): string {
  const place = phone.value.register?.places.find(({ place_id }) => place_id === placeId);
  return placeName(place, currentLanguage()) || placeId;
}
