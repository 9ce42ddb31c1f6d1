// Where a photo is taken, looked at and left out again; the form holds its name, the phone its bytes.
import { useEffect, useState } from "preact/hooks";
import { answer, type Form, setAnswers } from "../ui/form.ts";
import { Icon } from "../ui/icons.tsx";
import { t } from "../ui/text.ts";
import { findOwn, Picture, PremisesPhoto } from "./page.tsx";
import { keepPhoto } from "./store.ts";

export function PhotoField({ form }: { readonly form: Form }) {
  const [isUnreadable, setUnreadable] = useState(false);
  const name = answer(form, "photo");
  const take = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (!file) return;
    const kept = await keepPhoto(file);
    setUnreadable(kept === null);
    if (kept !== null) setAnswers(form, { photo: kept });
    // The same picture may be chosen again after it was left out.
    input.value = "";
  };
  return (
    <div class="field">
      <p>
        <strong>{t("photo.title")}</strong>
      </p>
      <p class="hint">{t("photo.hint")}</p>
      {name && <Taken name={name} />}
      <label class="button file">
        <Icon name="building" /> {t(name ? "photo.another" : "photo.take")}
        <input
          type="file"
          accept="image/*"
          capture="environment"
          onChange={(event) => void take(event.currentTarget)}
          data-testid="field-photo"
        />
      </label>
      {name && (
        <button
          type="button"
          class="button quiet"
          onClick={() => setAnswers(form, { photo: "" })}
          data-testid="photo-remove"
        >
          {t("photo.remove")}
        </button>
      )}
      <p class="hint" role="status">
        {isUnreadable && t("photo.unreadable")}
      </p>
    </div>
  );
}

/** Before the form is saved nothing is on its way; a photo of before is shown as everywhere. */
function Taken({ name }: { readonly name: string }) {
  const [photo, setPhoto] = useState<Blob | null>(null);
  useEffect(() => {
    let isOver = false;
    void findOwn(name).then((own) => isOver || setPhoto(own?.photo ?? null));
    return () => {
      isOver = true;
    };
  }, [name]);
  return photo ? <Picture photo={photo} /> : <PremisesPhoto name={name} />;
}
