// A QR code as a drawing; apart because its encoder is loaded only where a code is shown.
import { encode } from "uqr";

const quietModules = 4;

export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { ecc: "L", border: 0 });
  const dots = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const side = size + 2 * quietModules;
  return (
    <svg
      class="qr"
      viewBox={`${-quietModules} ${-quietModules} ${side} ${side}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
      data-testid="receipt-qr"
    >
      <path d={dots.join("")} fill="#000000" />
    </svg>
  );
}
