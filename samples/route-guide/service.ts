import {
  type BidiStream,
  type ClientStream,
  loadService,
  type ServerStream,
  type Unary,
} from 'tributary';

/** A position in degrees: north and east are positive. */
export interface Point {
  latitude: number;
  longitude: number;
}

export interface Rectangle {
  lo?: Point | undefined;
  hi?: Point | undefined;
}

export interface Feature {
  name: string;
  country: string;
  location?: Point | undefined;
}

export interface RouteSummary {
  pointCount: number;
  featureCount: number;
  /** In metres. */
  distance: number;
  /** An int64, and so a bigint. */
  elapsedMs: bigint;
}

export interface RouteNote {
  location?: Point | undefined;
  message: string;
}

export interface RouteGuideMethods {
  getFeature: Unary<Point, Feature>;
  listFeatures: ServerStream<Rectangle, Feature>;
  recordRoute: ClientStream<Point, RouteSummary>;
  routeChat: BidiStream<RouteNote, RouteNote>;
}

export const RouteGuide = await loadService<RouteGuideMethods>(
  new URL('../../proto/route_guide.proto', import.meta.url),
  'routeguide.RouteGuide',
);
