import { Server, Status } from 'tributary';
import { distance } from './distance.js';
import { type Point, RouteGuide, type RouteNote } from './generated/route_guide.js';
import { placeAt, places } from './places.js';

export function addRouteGuide(server: Server): void {
  const notes = new Map<string, RouteNote[]>();

  server.add(RouteGuide, {
    getFeature(point) {
      return placeAt(point) ?? { name: '', country: '', location: point };
    },

    *listFeatures({ lo, hi }, ctx) {
      // Message fields can always be missing. `return` tells TypeScript that abort() ends it here.
      if (!lo || !hi)
        return ctx.abort(Status.INVALID_ARGUMENT, 'a rectangle needs both of its corners');
      for (const place of places) if (isWithin(place.location, lo, hi)) yield place;
    },

    async recordRoute(stream) {
      const summary = { pointCount: 0, featureCount: 0, distance: 0, elapsedMs: 0n };
      let start: number | undefined;
      let previous: Point | undefined;
      for await (const point of stream) {
        start ??= performance.now();
        summary.elapsedMs = BigInt(Math.round(performance.now() - start));
        summary.pointCount++;
        if (placeAt(point)) summary.featureCount++;
        if (previous) summary.distance += distance(previous, point);
        previous = point;
      }
      return summary;
    },

    // A generator may answer a stream too: here each note brings back those left there before.
    async *routeChat(stream) {
      for await (const note of stream) {
        const place = `${note.location?.latitude} ${note.location?.longitude}`;
        const earlier = notes.get(place) ?? [];
        yield* earlier;
        notes.set(place, [...earlier, note]);
      }
    },
  });
}

function isWithin(point: Point, lo: Point, hi: Point): boolean {
  const between = (value: number, a: number, b: number) =>
    Math.min(a, b) <= value && value <= Math.max(a, b);
  return (
    between(point.latitude, lo.latitude, hi.latitude) &&
    between(point.longitude, lo.longitude, hi.longitude)
  );
}

// tsx samples/route-guide/server.ts [address]
if (process.argv[1] === import.meta.filename) {
  const server = new Server();
  addRouteGuide(server);
  const { address } = await server.listen(process.argv[2] ?? '127.0.0.1:50051');
  console.log(`The route guide listens on ${address}`);
}
