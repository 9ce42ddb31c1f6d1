// Makes a photo small enough for a slow line. Drawn anew, it says no longer where and with what it was taken.

const sidesMost = [1600, 1200, 800, 400] as const;
const quality = 0.75;
/** What a photo may have; the smallest size is taken whatever it comes to. */
const bytesMost = 300_000;

/** The bytes of a JPEG; fails for what is no picture. */
export async function shrink(file: Blob): Promise<ArrayBuffer> {
  const image = await read(file);
  let drawn: Blob | null = null;
  for (const side of sidesMost) {
    drawn = await draw(image, side);
    if (drawn.size <= bytesMost) break;
  }
  if (!drawn) throw new Error("Nothing was drawn");
  return drawn.arrayBuffer();
}

/** An element turns a photo upright in every browser; `createImageBitmap` does so in new ones only. */
async function read(file: Blob): Promise<HTMLImageElement> {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function draw(image: HTMLImageElement, side: number): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("No canvas");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("Not drawn"))), "image/jpeg", quality),
  );
}
