// Where a photo is taken, looked at and left out again; the form holds its name, the phone its bytes.
import { useEffect, useRef, useState } from "preact/hooks";
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
      {name && (
        <div>
          <Taken name={name} />
        </div>
      )}
      <PictureInput isAnother={name !== ""} onTaken={take} />
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

type InputProps = {
  readonly isAnother: boolean;
  readonly onTaken: (input: HTMLInputElement) => Promise<void>;
};

/** A button of our own: what a browser writes on its input is in the browser's language. */
function PictureInput({ isAnother, onTaken }: InputProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()} data-testid="photo-take">
        <Icon name="add" /> {t(isAnother ? "photo.another" : "photo.take")}
      </button>
      <input
        ref={input}
        hidden={true}
        type="file"
        accept="image/*"
        capture="environment"
        onChange={(event) => void onTaken(event.currentTarget)}
        data-testid="field-photo"
      />
    </>
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
