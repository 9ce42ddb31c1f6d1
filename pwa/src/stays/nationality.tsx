// The nationality picker and the names of nationalities, in the reader's language; the table is loaded when first used.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { SelectField } from "../ui/fields.tsx";
import type { Form } from "../ui/form.ts";
import { phone } from "../ui/phone.ts";
import { currentLanguage, t } from "../ui/text.ts";

type Names = Readonly<Record<string, readonly string[]>>;

const names = signal<Names>({});
const columns = { en: 0, km: 1, zh: 2 } as const;

/** Most of the province's foreigners, so that most entries need no scrolling. */
const frequent = ["CHN", "VNM", "THA", "MYS", "IDN", "PHL", "TWN", "KOR", "IND", "MMR", "JPN", "LAO"];

/** The state of ICAO's specimen passports, which only a demonstration takes; no list of countries has it. */
const specimen = "UTO";

async function loadNames(): Promise<void> {
  if (Object.keys(names.value).length > 0) return;
  names.value = (await import("../facts/countries.json")).default;
}

/** To be used by every screen that names a nationality. */
export function useCountries(): void {
  useEffect(() => void loadNames(), []);
}

export function nationalityInWords(code: string): string {
  if (code === "unknown") return t("word.unknown");
  if (code === specimen) return t("nationality.specimen");
  const row = names.value[code];
  return row?.[columns[currentLanguage()]] || row?.[0] || code;
}

type NationalityProps = {
  readonly form: Form;
  readonly name: string;
  readonly label: string;
  readonly mayBeUnknown?: boolean;
};

export function NationalityField({ form, name, label, mayBeUnknown }: NationalityProps) {
  useCountries();
  const codes = Object.keys(names.value).sort((a, b) =>
    nationalityInWords(a) < nationalityInWords(b) ? -1 : 1,
  );
  const first = phone.value.register?.demo ? [...frequent, specimen] : frequent;
  return (
    <SelectField form={form} name={name} label={label}>
      <option value="">{t("word.choose")}</option>
      {mayBeUnknown && <option value="unknown">{t("word.unknown")}</option>}
      <optgroup label={t("stay.nationality-frequent")}>
        {first.map((code) => (
          <option key={code} value={code}>
            {nationalityInWords(code)}
          </option>
        ))}
      </optgroup>
      <optgroup label={t("stay.nationality-all")}>
        {codes
          .filter((code) => !frequent.includes(code))
          .map((code) => (
            <option key={code} value={code}>
              {nationalityInWords(code)}
            </option>
          ))}
      </optgroup>
    </SelectField>
  );
}
