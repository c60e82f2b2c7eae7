import { setTimeout as pause } from 'node:timers/promises';
import { type Client, connect } from 'tributary';
import type { Say } from '../say.js';
import { RouteGuide, type RouteNote } from './generated/route_guide.js';
import { whereIs } from './places.js';

export async function run(client: Client, say: Say) {
  const stub = client.stub(RouteGuide);

  say('#', 'GetFeature: what is here?');
  const point = { latitude: 45.9764, longitude: 7.6586 };
  say('→', `${point.latitude}° N, ${point.longitude}° E`);
  const feature = await stub.getFeature(point);
  say('←', `${feature.name} (${feature.country})`);

  say('#', 'ListFeatures: the places between two corners, each as it is found');
  const lo = { latitude: 46.5, longitude: 7.9 };
  const hi = { latitude: 46.6, longitude: 8.2 };
  say('→', `from ${lo.latitude}, ${lo.longitude} to ${hi.latitude}, ${hi.longitude}`);
  const found: string[] = [];
  for await (const { name } of stub.listFeatures({ lo, hi })) {
    found.push(name);
    say('←', name);
  }

  say('#', 'RecordRoute: points are written one by one, finish() brings the summary');
  const route = stub.recordRoute();
  for (const name of [
    'Zürich Main Station',
    'Federal Palace, Bern',
    "Jet d'Eau, Geneva",
    'Paris',
  ]) {
    await route.write(whereIs(name));
    say('→', name);
    await pause(20); // one has to get there
  }
  const summary = await route.finish(); // doneWriting(), then the reply
  const km = (summary.distance / 1_000).toFixed(1);
  say('←', `${summary.pointCount} points, ${km} km, in ${summary.elapsedMs} ms`);

  say('#', 'RouteChat: notes go out from a generator while earlier ones come back');
  const received: string[] = [];
  for await (const note of stub.routeChat(notes(say))) {
    received.push(note.message);
    say('←', note.message);
  }
  return { feature, found, summary, received };
}

async function* notes(say: Say): AsyncIterable<RouteNote> {
  const matterhorn = whereIs('Matterhorn');
  const eiger = whereIs('Eiger');
  for (const [location, message] of [
    [matterhorn, 'What a view from the Matterhorn!'],
    [eiger, 'The Eiger is in clouds.'],
    [matterhorn, 'Who was here before me?'],
    [eiger, 'The clouds are gone.'],
  ] as const) {
    say('→', message);
    yield { location, message };
    await pause(20);
  }
}

// tsx samples/route-guide/client.ts [address]
if (process.argv[1] === import.meta.filename) {
  await using client = connect(process.argv[2] ?? '127.0.0.1:50051');
  await run(client, console.log);
}
