import type { Box } from "../../core/geometry.ts";

/** Of the earth, in metres. */
const RADIUS = 6_371_008.8;

/** The boxes that hold all within a distance of one: two where it reaches over the 180th meridian. */
export function around([west, south, east, north]: Box, metres: number): readonly Box[] {
  const degrees = (metres / RADIUS) * (180 / Math.PI) * 1.000_001;
  const [low, high] = [south - degrees, north + degrees];
  const widest = Math.cos((Math.max(Math.abs(low), Math.abs(high)) * Math.PI) / 180);
  if (low <= -90 || high >= 90 || degrees / widest >= 180) return [[-180, low, 180, high]];
  const [from, to] = [west - degrees / widest, east + degrees / widest];
  if (from >= -180 && to <= 180) return [[from, low, to, high]];
  if (to - from >= 360) return [[-180, low, 180, high]];
  return from < -180
    ? [
        [-180, low, to, high],
        [from + 360, low, 180, high],
      ]
    : [
        [from, low, 180, high],
        [-180, low, to - 360, high],
      ];
}
