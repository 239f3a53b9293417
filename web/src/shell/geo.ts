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
