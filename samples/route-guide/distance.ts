import type { Point } from './generated/route_guide.js';

/** The mean radius of the earth in metres (IUGG). */
const EARTH_RADIUS = 6_371_009;

/**
 * The way from `a` to `b` along a great circle, in metres, by the haversine formula:
 *
 *     h = sin²(Δφ / 2) + cos φ₁ · cos φ₂ · sin²(Δλ / 2)
 *     d = 2 · R · asin √h
 *
 * The earth is taken for a sphere, which is right to about half a percent.
 */
export function distance(a: Point, b: Point): number {
  const h =
    haversine(b.latitude - a.latitude) +
    cosine(a.latitude) * cosine(b.latitude) * haversine(b.longitude - a.longitude);
  // Rounding may carry h just past 1 for two points opposite one another.
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(Math.min(h, 1)));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const cosine = (degrees: number): number => Math.cos(radians(degrees));
const haversine = (degrees: number): number => Math.sin(radians(degrees) / 2) ** 2;
