// The photo of a place, from this phone or from the register, and where it stands on its way.
import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { openDatabase } from "../sync/database.ts";
import { phone } from "../ui/phone.ts";
import { fetchBlob } from "../ui/sending.ts";
import { type TextKey, t } from "../ui/text.ts";

/** `waiting`, `sent` and `refused` of a photo of this phone; the others of one that the register has or expects. */
type PhotoState = "waiting" | "sent" | "refused" | "here" | "arriving" | "not-shown";
type Found = { readonly state: PhotoState; readonly photo: Blob | null };

const texts: Readonly<Partial<Record<PhotoState, TextKey>>> = {
  waiting: "photo.waiting",
  sent: "photo.sent",
  refused: "photo.refused",
  arriving: "photo.arriving",
  "not-shown": "photo.not-shown",
};

export function PremisesPhoto({ name }: { readonly name: string }) {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let isHere = false;
    return effect(() => {
      // What the register has shown once stays; anything else may change with whatever changes on this phone.
      if (!phone.value || isHere) return;
      void find(name).then((now) => {
        isHere = now.state === "here";
        setFound(now);
      });
    });
  }, [name]);
  if (!found) return null;
  const text = texts[found.state];
  return (
    <figure class="photo" data-testid="premises-photo" data-state={found.state}>
      {found.photo && <Picture photo={found.photo} />}
      {text && <figcaption class="hint">{t(text)}</figcaption>}
    </figure>
  );
}

export function Picture({ photo }: { readonly photo: Blob }) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return address ? <img src={address} alt={t("photo.alt")} data-testid="photo-shown" /> : null;
}

async function find(name: string): Promise<Found> {
  return (await findOwn(name)) ?? (await fetchPhoto(name));
}

/** The photo as this phone keeps it; null for one of another phone. */
export async function findOwn(name: string): Promise<Found | null> {
  const own = await (await openDatabase()).get("photos", name);
  return own ? { state: own.state, photo: new Blob([own.bytes], { type: "image/jpeg" }) } : null;
}

async function fetchPhoto(name: string): Promise<Found> {
  const response = await fetchBlob(name);
  if (response?.ok) return { state: "here", photo: await response.blob() };
  return { state: response?.status === 404 ? "arriving" : "not-shown", photo: null };
}
