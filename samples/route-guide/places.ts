import { readFileSync } from 'node:fs';
import type { Feature, Point } from './generated/route_guide.js';

interface Place extends Point {
  name: string;
  country: string;
}

const file = new URL('places.json', import.meta.url);

/** The places of places.json, as the service sends them. */
export const places: readonly (Feature & { location: Point })[] = (
  JSON.parse(readFileSync(file, 'utf8')) as Place[]
).map(({ name, country, latitude, longitude }) => ({
  name,
  country,
  location: { latitude, longitude },
}));

/** The place at exactly this point. */
export function placeAt({ latitude, longitude }: Point): Feature | undefined {
  return places.find(
    ({ location }) => location.latitude === latitude && location.longitude === longitude,
  );
}

/** The position of a place, by its name. */
export function whereIs(name: string): Point {
  const place = places.find((candidate) => candidate.name === name);
  if (place === undefined) throw new Error(`places.json has no ${name}`);
  return place.location;
}
