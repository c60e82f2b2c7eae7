import { describe, expect, test } from '@jest/globals';
import { connect, Server, Status } from 'tributary';
import { run } from '../../samples/route-guide/client.js';
import { distance } from '../../samples/route-guide/distance.js';
import { RouteGuide } from '../../samples/route-guide/generated/route_guide.js';
import { places, whereIs } from '../../samples/route-guide/places.js';
import { addRouteGuide } from '../../samples/route-guide/server.js';
import { withServer } from './with-server.js';

test('route-guide: a feature, a list, a route and a chat', async () => {
  const { seen } = await withServer(addRouteGuide, run);
  const { feature, found, summary, received } = seen;
  expect(feature).toEqual({
    name: 'Matterhorn',
    country: 'Switzerland, Italy',
    location: { latitude: 45.9764, longitude: 7.6586 },
  });
  expect(found.sort()).toEqual([
    'Eiger',
    'Finsteraarhorn',
    'Jungfrau',
    'Mönch',
    'Sphinx Observatory, Jungfraujoch',
  ]);
  expect(summary).toMatchObject({ pointCount: 4, featureCount: 4 });
  expect(summary.distance / 1_000).toBeCloseTo(634, 0);
  expect(summary.elapsedMs).toBeGreaterThan(0n);
  expect(received).toEqual(['What a view from the Matterhorn!', 'The Eiger is in clouds.']);
});

test('route-guide: nothing at a point, no rectangle without corners', async () => {
  await using server = new Server();
  addRouteGuide(server);
  await using client = connect((await server.listen('127.0.0.1:0')).address);
  const stub = client.stub(RouteGuide);
  const nowhere = { latitude: 0, longitude: 0 };
  expect(await stub.getFeature(nowhere)).toEqual({ name: '', country: '', location: nowhere });
  const refused = stub.listFeatures({ lo: nowhere }).read();
  await expect(refused).rejects.toMatchObject({ code: Status.INVALID_ARGUMENT });
});

test('the places are many, each named once, with positions on the earth', () => {
  expect(places.length).toBeGreaterThanOrEqual(100);
  expect(new Set(places.map(({ name }) => name)).size).toBe(places.length);
  for (const { location } of places) {
    expect(Math.abs(location.latitude)).toBeLessThanOrEqual(90);
    expect(Math.abs(location.longitude)).toBeLessThanOrEqual(180);
  }
});

describe('distance', () => {
  const pole = { latitude: 90, longitude: 0 };
  const origin = { latitude: 0, longitude: 0 };
  const quarter = (6_371_009 * Math.PI) / 2;

  test.each([
    ['from a point to itself', pole, pole, 0],
    ['from the equator to the pole', origin, pole, quarter],
    ['to the antipode', origin, { latitude: 0, longitude: 180 }, 2 * quarter],
    [
      'across the date line',
      { latitude: 0, longitude: 179 },
      { latitude: 0, longitude: -179 },
      quarter / 45,
    ],
  ])('%s', (_what, a, b, metres) => {
    expect(distance(a, b)).toBeCloseTo(metres, 3);
    expect(distance(b, a)).toBeCloseTo(metres, 3);
  });

  // Great-circle distances between the cities as they are commonly given, in kilometres.
  test.each([
    ['London', 'Paris', 344],
    ['London', 'New York', 5_570],
    ['New York', 'Los Angeles', 3_936],
  ])('%s to %s', (from, to, km) => {
    expect(Math.abs(distance(whereIs(from), whereIs(to)) / 1_000 - km)).toBeLessThan(km / 200);
  });
});
