const HEX_COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** Used when a creditor's brand colour is missing or is not `#rgb` or `#rrggbb`. */
export const DEFAULT_COLOUR = '#1f4b6e';

/** Nothing but a hexadecimal colour is let into CSS. */
export const safeColour = (colour: string): string => (HEX_COLOUR.test(colour) ? colour : DEFAULT_COLOUR);

/** Black or white, whichever contrasts more with the colour (WCAG 2.2, relative luminance). */
export function textOn(colour: string): '#ffffff' | '#000000' {
  const luminance = relativeLuminance(safeColour(colour));
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

function relativeLuminance(colour: string): number {
  const hex = colour.length === 4 ? colour.replaceAll(/[0-9a-f]/gi, '$&$&') : colour;
  const [red, green, blue] = [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

const linear = (channel: number): number =>
  channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
