type Point = readonly [lon: number, lat: number];

const earthMeters = 6_371_008.8;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance on the mean sphere (haversine): within half a percent, enough to sort and to say "air line". */
export function metersBetween([lon1, lat1]: Point, [lon2, lat2]: Point): number {
  const a =
    Math.sin(radians(lat2 - lat1) / 2) ** 2 +
    Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * earthMeters * Math.asin(Math.sqrt(a));
}

/** `118.67213, 37.43402`: about one metre. */
export const formatPoint = ([lon, lat]: Point): string => `${lon.toFixed(5)}, ${lat.toFixed(5)}`;

/**
 * Where a place lies on the square of Web Mercator: 0 to 1 to the east and to the south, within 85° of latitude
 * (EPSG Guidance Note 7-2, method 1024).
 */
export function worldOf([lon, lat]: Point): [x: number, y: number] {
  const sine = Math.sin(radians(lat));
  return [(lon + 180) / 360, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}
