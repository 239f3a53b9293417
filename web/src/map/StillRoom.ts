import type { Map as BaseMap, GeoJSONSource } from 'maplibre-gl';

const name = 'still-room';
/** The symbol with the free and all units beside it: pixels, and how far right of and below the place its middle lies. */
const box = { width: 52, height: 26, right: 13, below: 2 };

/**
 * Keeps the names of the base map clear of stations and hospitals, whose symbols are drawn over it by another hand: an unseen box at each, in
 * the topmost layer, which the base map settles first.
 */
export class StillRoom {
  private places: readonly { lon: number; lat: number }[] = [];
  private drawn = '';

  constructor(private readonly base: BaseMap) {
    base.on('style.load', () => this.add());
  }

  show(places: readonly { lon: number; lat: number }[]): void {
    const wanted = places.map(({ lon, lat }) => `${lon},${lat}`).join(' ');
    if (wanted !== this.drawn) {
      this.drawn = wanted;
      this.places = places;
      this.base.getSource<GeoJSONSource>(name)?.setData(this.data());
    }
  }

  private add() {
    const { width, height, right, below } = box;
    if (!this.base.hasImage(name)) {
      this.base.addImage(name, { width, height, data: new Uint8Array(width * height * 4) });
    }
    this.base.addSource(name, { type: 'geojson', data: this.data() });
    this.base.addLayer({
      id: name,
      source: name,
      type: 'symbol',
      layout: { 'icon-image': name, 'icon-offset': [right, below], 'icon-allow-overlap': true },
    });
  }

  private data(): GeoJSON.FeatureCollection {
    return {
      type: 'FeatureCollection',
      features: this.places.map(({ lon, lat }) => ({
        type: 'Feature',
        properties: {},
        geometry: { type: 'Point', coordinates: [lon, lat] },
      })),
    };
  }
}
